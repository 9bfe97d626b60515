"""The demo as a French-speaking user meets it, in a folder whose name a shell must not take apart."""

import subprocess
from pathlib import Path

from bridge import demo
from bridge.bootstrap import snapshot
from bridge.language import language


def test_the_demo_plays_in_a_french_site_and_its_commands_can_be_pasted(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "l'été à Paris"
    with demo.play(folder, lambda _: None) as played:
        lines = demo.told(played, language("fr"), command="/opt/mes outils/bridge", stays=True)
        issue = str(played.campaigns[0]["url"])
        board = snapshot(f"{played.sandbox['jira']}/jira/projects/MKT/board?lang=fr")
        history = snapshot(f"{issue.replace('MKT-6', 'MKT-7')}?tab=history&lang=fr")
    shell = subprocess.run(
        ["sh", "-c", '. "$0" && printf %s "$BRIDGE_WORKSPACE"', str(folder / "env.sh")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == str(folder)
    pasted = next(line for line in lines if "month publish" in line).partition("&&")[0]
    subprocess.run(["sh", "-ec", pasted], check=True)
    assert "'/opt/mes outils/bridge' month publish" in "\n".join(lines)
    for english in ("To Do", "In Progress", "Done", "Highest", "This issue", "Linked Issues"):
        assert english not in board + history
    assert "À faire" in board
    assert "Ce ticket bloque" in history
