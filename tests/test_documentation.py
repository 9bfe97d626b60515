"""What the documents say exists: commands, options, files, links."""

import re
import shlex
from pathlib import Path

import click
import pytest

from bridge.cli.app import root
from bridge.cli.words import speak

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")),
             *sorted((ROOT / "deploy").rglob("*.md"))]  # fmt: skip


def commands_in(document: Path) -> list[str]:
    """Every `bridge …` line of a shell block, and every `bridge …` between backticks."""
    content = document.read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", content, flags=re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    prose = re.sub(r"```.*?```", "", content, flags=re.DOTALL)
    return [c for c in (*lines, *re.findall(r"`(bridge [^`]+)`", prose)) if c.startswith("bridge ")]


def found(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words lead to, and what is left of them."""
    command: click.Command = root
    while isinstance(command, click.Group):
        while words and words[0] in ("-w", "--lang"):
            words = words[2:]
        if not words:
            break
        with click.Context(command) as context:
            inner = command.get_command(context, words[0])
        assert inner is not None, f"there is no command {words[0]!r}"
        command, words = inner, words[1:]
    return command, words


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_the_documents_exists_with_its_options(document: Path) -> None:
    speak("en")
    for line in commands_in(document):
        command, rest = found(shlex.split(line)[1:])
        options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        used = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert used <= options, f"{line}: {used - options}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_in_the_documents_is_there(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", document.read_text("utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    )
    for document in DOCUMENTS:
        for target in re.findall(r"\bmake ([a-z]+)\b", " ".join(re.findall(r"`[^`]+`|```.*?```", document.read_text("utf-8"), flags=re.DOTALL))):  # fmt: skip
            assert target in targets, f"{document.name}: make {target}"


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`bridge {name}" in readme for name in root.list_commands(click.Context(root)))


@pytest.mark.parametrize("page", ["docs/administrator.md", "docs/fr/administrateur.md"])
def test_the_administrator_s_page_lists_every_code_of_the_doctor(page: str) -> None:
    sources = [
        *(ROOT / "src/bridge/doctor").glob("*.py"),
        ROOT / "src/bridge/operations/preflight.py",
    ]
    codes = {
        c for file in sources for c in re.findall(r'"([EWI]-[A-Z-]+)"', file.read_text("utf-8"))
    }
    listed = set(re.findall(r"`([EWI]-[A-Z-]+)`", (ROOT / page).read_text("utf-8")))
    assert listed == codes
