"""``bridge feed``: an address is said once, listed by what it shows, and closed for good."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.service.address import state_of
from bridge.service.durable.marks import Marks
from bridge.service.durable.store import Store
from bridge.service.face.feedbook import FeedBook
from tests.stories.conftest import WORKSPACE, Result
from tests.test_cli import bridge as run

BASE = "https://bridge.boutique.example"


class Shell:
    """A workspace folder and the command line; no Jira is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")

    def bridge(self, *words: str, lang: str = "en") -> Result:
        return Result(*run("-w", str(self.folder), "--lang", lang, "feed", *words))

    def add(self, *words: str) -> Any:
        result = self.bridge("add", *words, "--base-url", f"{BASE}/", "--format", "json")
        assert result.code == 0, result.err
        return result.json

    def opens(self, address: str) -> bool:
        store = Store(state_of(self.folder))
        try:
            return (
                FeedBook(Marks(store)).find(address.rpartition("/")[2].partition(".")[0])
                is not None
            )
        finally:
            store.close()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in ("BRIDGE_STATE", "BRIDGE_PUBLIC_URL", "BRIDGE_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return Shell(tmp_path)


def test_a_feed_is_made_listed_and_closed(shell: Shell) -> None:
    made = shell.add("--person", "studio-x", "--alarm", "08:45", "--name", "Pour le studio")
    other = shell.add("--team", "it")
    assert made["ics"].startswith(f"{BASE}/feeds/")
    assert made["csv"] == made["ics"].replace(".ics", ".csv")
    assert shell.opens(made["ics"])
    listed = shell.bridge("list", lang="fr")
    assert listed.out.splitlines()[1].split()[:1] == [made["id"]]
    assert "les actions de Studio X" in listed.out
    assert "08:45" in listed.out
    assert made["ics"].rpartition("/")[2][:-4] not in listed.out
    assert [one["id"] for one in shell.bridge("list", "--format", "json").json] == [
        made["id"],
        other["id"],
    ]
    assert shell.bridge("revoke", made["id"], "--dry-run").code == 0
    assert shell.opens(made["ics"])
    assert shell.bridge("revoke", made["id"]).code == 0
    assert not shell.opens(made["ics"])
    assert shell.opens(other["csv"])
    again = shell.bridge("revoke", made["id"])
    assert again.code == 3
    assert other["id"] in again.err


def test_the_secret_lies_nowhere_in_the_workspace(shell: Shell) -> None:
    made = shell.add("--all")
    secret = made["ics"].rpartition("/")[2].removesuffix(".ics").encode()
    assert not [f for f in shell.folder.rglob("*") if f.is_file() and secret in f.read_bytes()]


def test_a_dry_run_makes_nothing(shell: Shell) -> None:
    assert shell.bridge("add", "--all", "--base-url", BASE, "--dry-run").code == 0
    assert shell.bridge("list", lang="fr").out == "Il n’y a aucun flux.\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "--base-url", BASE], 2),
        (["add", "--all", "--team", "it", "--base-url", BASE], 2),
        (["add", "--team", "tresorerie", "--base-url", BASE], 2),
        (["add", "--all", "--alarm", "9h", "--base-url", BASE], 2),
        (["add", "--all", "--base-url", "http://bridge.boutique.example"], 2),
        (["add", "--all", "--base-url", "https://user:geheim@x.example"], 2),
        (["add", "--all"], 3),
        (["add", "--person", "camile", "--base-url", BASE], 3),
        (["revoke", "12345678"], 3),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(shell: Shell, words: list[str], code: int) -> None:
    refused = shell.bridge(*words)
    assert (refused.code, refused.out) == (code, "")
    assert "geheim" not in refused.err
    assert shell.bridge("list", "--format", "json").json == []


def test_a_store_that_does_not_answer_is_said(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shell.folder / "dir").mkdir()
    monkeypatch.setenv("BRIDGE_STATE", f"sqlite:///{shell.folder}/dir")
    refused = shell.bridge("list")
    assert refused.code not in (0, 70)
    assert json.dumps(refused.err)
