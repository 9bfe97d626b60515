"""Before the service starts: everything that is wrong is said at once, and no secret is shown."""

import shutil
from pathlib import Path

import pytest

from bridge.errors import Problem, ProblemsFound, StoreOfAnother
from bridge.service import configuration
from bridge.service.kept import claim
from tests.service.memory_engine import MemoryEngine

GOOD = {
    "BRIDGE_JIRA_URL": "https://boutique.atlassian.net",
    "BRIDGE_EMAIL": "camille@boutique.example",
    "BRIDGE_TOKEN": "ATATT3xFfGF0",
    "BRIDGE_WORKER": "shop-1",
}
WORKSPACE = """\
format: bridge/workspace/v1
id: boutique-fr
jira: {projects: {marketing: MKT, it: IT}}
confluence: {space: MKT, parent: Calendrier}
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose rules were tried once, which takes seconds."""
    folder = tmp_path_factory.mktemp("judged")
    (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")
    configuration.read(folder, GOOD)
    return folder


@pytest.fixture
def folder(judged: Path, tmp_path: Path) -> Path:
    return shutil.copytree(judged, tmp_path / "shop")


def problems(folder: Path, **environment: str) -> list[str]:
    with pytest.raises(ProblemsFound) as refused:
        configuration.read(folder, GOOD | environment)
    return [said(problem) for problem in refused.value.problems]


def said(problem: Problem) -> str:
    return problem.sentence.one.format(**problem.sentence.values)


def test_a_sound_set_up(folder: Path) -> None:
    told = configuration.read(folder, GOOD | {"BRIDGE_WEBHOOK_SECRET": "s" * 16})
    assert (told.workspace.id, told.worker, told.rate) == ("boutique-fr", "shop-1", 10)
    assert told.secrets.any == ("s" * 16,)
    assert told.store == f"sqlite:///{folder / '.bridge' / 'service.db'}"


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    (folder / "bridge.yaml").write_text(WORKSPACE.replace("id: b", "ib: b"), "utf-8")
    told = problems(
        folder,
        BRIDGE_TOKEN="",
        BRIDGE_STATE="mysql://root:hunter2@db/x",
        BRIDGE_RATE="often",
        BRIDGE_WEBHOOK_SECRET="hidden",
        BRIDGE_WEBHOOK_SECRET_NEXT="hidden-too",
    )
    for name in ("ib", "BRIDGE_TOKEN", "BRIDGE_STATE", "BRIDGE_RATE", "BRIDGE_WEBHOOK_SECRET ",
                 "BRIDGE_WEBHOOK_SECRET_NEXT"):  # fmt: skip
        assert any(name in sentence for sentence in told), name
    assert not any(secret in sentence for secret in ("hunter2", "hidden") for sentence in told)


def test_without_a_workspace_the_rest_is_still_looked_at(tmp_path: Path) -> None:
    told = problems(tmp_path, BRIDGE_RATE="often")
    assert len(told) == 2
    assert "bridge.yaml" in told[0]


@pytest.mark.parametrize("secret", ["fifteen-letters", "é" * 20, "with\ttab" * 3])
def test_a_secret_that_keeps_nobody_out_or_fits_in_no_header(folder: Path, secret: str) -> None:
    [sentence] = problems(folder, BRIDGE_WEBHOOK_SECRET=secret)
    assert "BRIDGE_WEBHOOK_SECRET" in sentence
    assert secret not in sentence


def test_secrets_and_tokens_come_from_files_too(folder: Path) -> None:
    for name, value in (("secret", "s" * 20 + "\n"), ("token", " ATATT-of-a-file\n")):
        (folder / name).write_text(value, "utf-8")
    environment = {k: v for k, v in GOOD.items() if k != "BRIDGE_TOKEN"} | {
        "BRIDGE_TOKEN_FILE": str(folder / "token"),
        "BRIDGE_WEBHOOK_SECRET_FILE": str(folder / "secret"),
    }
    told = configuration.read(folder, environment)
    assert (told.settings.token, told.secrets.current) == ("ATATT-of-a-file", "s" * 20)
    assert set(told.confidential) == {"ATATT-of-a-file", "s" * 20}


def test_a_file_that_is_away_is_no_text_or_one_too_many(folder: Path) -> None:
    (folder / "binary").write_bytes(b"\xff\xfe\x00")
    (folder / "token").write_text("ATATT", "utf-8")
    told = problems(
        folder,
        BRIDGE_TOKEN_FILE=str(folder / "token"),
        BRIDGE_WEBHOOK_SECRET_FILE=str(folder / "gone"),
        BRIDGE_WEBHOOK_SECRET_NEXT_FILE=str(folder / "binary"),
    )
    assert len(told) == 3
    assert "BRIDGE_TOKEN_FILE are both set" in told[0]


def test_a_store_belongs_to_one_workspace() -> None:
    marks = MemoryEngine()
    claim(marks, "boutique-fr")
    claim(marks, "boutique-fr")
    with pytest.raises(StoreOfAnother) as refused:
        claim(marks, "boutique-de")
    assert refused.value.exit_code == 5
