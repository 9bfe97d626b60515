"""The wheel carries its data: installed into an empty environment it plans, in both languages."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(  # our own commands
        command, cwd=cwd, capture_output=True, text=True, check=False,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("BRIDGE_")}, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.enable_socket
def test_an_installed_wheel_plans_checks_and_plays_the_demo(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "empty", with_pip=True)
    python = str(tmp_path / "empty" / "bin" / "python")
    run(python, "-m", "pip", "install", "--quiet", str(wheel))
    bridge = str(tmp_path / "empty" / "bin" / "bridge")
    away = tmp_path / "away"
    away.mkdir()
    told = run(
        bridge, "schedule", "website", "--launch", "2027-03-31", "--format", "json", cwd=away
    )
    assert [step["due"] for step in json.loads(told)["steps"]][:3] == [
        "2026-12-31",
        "2027-01-15",
        "2027-01-29",
    ]
    assert "mercredi 31 mars 2027" in run(
        bridge, "schedule", "website", "--launch", "2027-03-31", cwd=away
    )
    assert "Utilisation" in run(bridge, "--help", BRIDGE_LANG="fr")
    run(bridge, "template", "check", cwd=away)
    run(bridge, "init", "shop", cwd=away)
    played = json.loads(run(bridge, "demo", "--format", "json", cwd=away))
    assert [campaign["issues"] for campaign in played["campaigns"]] == [8, 10]
    assert all((away / file).exists() for file in played["files"])
