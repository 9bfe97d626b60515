"""Bad files get one clear answer: every problem at once, with file, line, column and near miss."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bridge.config import template as template_file
from bridge.config import workspace as workspace_file
from bridge.config import yamlfile
from bridge.errors import NoWorkspace, Problem, ProblemsFound
from bridge.language import language
from bridge.text import text

CONFIGS = Path(__file__).parent / "configs"
RETROPLANS = sorted(p for p in (CONFIGS / "retroplan").glob("*.yaml") if p.stem != "good")
WORKSPACES = sorted(
    p for p in (CONFIGS / "workspace").glob("*.yaml") if p.stem not in ("good", "calendar-only")
)


def workspace_in(tmp_path: Path, file: Path) -> Path:
    (tmp_path / "bridge.yaml").write_bytes(file.read_bytes())
    return tmp_path


def said(problems: tuple[Problem, ...]) -> str:
    """All problems as people read them in English, one a line."""
    speaker = language("en")
    lines = []
    for problem in problems:
        assert problem.place is not None
        where = f"{problem.place.line}:{problem.place.column}"
        code = f" [{problem.code}]" if problem.code else ""
        hint = f" -> {speaker.say(problem.hint)}" if problem.hint else ""
        lines.append(f"{where} {speaker.say(problem.sentence)}{code}{hint}")
    return "".join(f"{line}\n" for line in lines)


def test_every_bad_file_is_refused_with_its_places(golden: Callable[[str, str], None]) -> None:
    told = []
    for path in RETROPLANS:
        with pytest.raises(ProblemsFound) as refused:
            template_file.load(path, path.name)
        told.append(f"# {path.stem}\n{said(refused.value.problems)}")
    golden("bad-retroplans.txt", "\n".join(told))


def test_every_bad_workspace_is_refused_with_its_places(
    golden: Callable[[str, str], None], tmp_path: Path
) -> None:
    told = []
    for path in WORKSPACES:
        with pytest.raises(ProblemsFound) as refused:
            workspace_file.load(workspace_in(tmp_path, path))
        told.append(f"# {path.stem}\n{said(refused.value.problems)}")
    golden("bad-workspaces.txt", "\n".join(told))


def test_the_good_template_is_good() -> None:
    template = template_file.load(CONFIGS / "retroplan" / "good.yaml")
    assert [s.id for s in template.choose({"variant": "large"}).steps] == ["prepare", "check", "go"]
    assert template.choose({"who": "it"}).by_id["check"].role == "it"


def test_the_whole_workspace_of_the_interfaces_is_read(tmp_path: Path) -> None:
    workspace = workspace_file.load(workspace_in(tmp_path, CONFIGS / "workspace" / "good.yaml"))
    assert workspace.project_of("it") == "IT"
    assert workspace.project_of("design") == "MKT"
    assert workspace.team.responsible("studio-x").id == "vanessa"
    assert workspace.done_statuses == ("Terminé", "Done")
    assert len(workspace.calendar.closed) == 2
    assert workspace.token_expires == date(2027, 3, 1)


def test_a_calendar_alone_needs_four_lines(tmp_path: Path) -> None:
    folder = workspace_in(tmp_path, CONFIGS / "workspace" / "calendar-only.yaml")
    assert len((folder / "bridge.yaml").read_text("utf-8").splitlines()) <= 12
    workspace = workspace_file.load(folder)
    assert (workspace.mode, workspace.lang) == ("write", "fr")


def test_the_workspace_is_found_from_any_folder_below(tmp_path: Path) -> None:
    folder = workspace_in(tmp_path, CONFIGS / "workspace" / "good.yaml")
    (folder / "a" / "b").mkdir(parents=True)
    assert workspace_file.find(folder / "a" / "b") == folder
    with pytest.raises(NoWorkspace):
        workspace_file.load(folder / "a")


# --- the strict loader ---------------------------------------------------------------------------


def refused(content: str) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as found:
        yamlfile.parse(content, "f.yaml")
    return found.value.problems


def test_scalars_follow_yaml_1_2() -> None:
    document = yamlfile.parse(
        "a: no\nb: 22:30\nc: 1.5\nd: ~\ne: true\nf: 012\ng: 2026-12-31\n", "f"
    )
    assert document.data == {
        "a": "no", "b": "22:30", "c": 1.5, "d": None, "e": True, "f": 12, "g": "2026-12-31",
    }  # fmt: skip


def test_keys_are_text_even_when_they_look_like_dates_or_numbers() -> None:
    assert yamlfile.parse("2026-12-24: am\n1: x\n", "f").data == {"2026-12-24": "am", "1": "x"}


def test_a_doubled_key_is_refused_with_both_lines() -> None:
    (problem,) = refused("a: 1\nb: 2\na: 3\n")
    assert (problem.place.line, problem.sentence.values["line"]) == (3, 1)  # type: ignore[union-attr]  # it has a place


def test_values_know_their_place() -> None:
    document = yamlfile.parse("a:\n  - x\n  - {b: c}\n", "f.yaml")
    assert str(document.place(("a", 1, "b"))) == "f.yaml:3:9"
    assert str(document.place(("a", 1, "b"), of_key=True)) == "f.yaml:3:6"


def test_an_alias_bomb_stops_at_the_limit() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "too many values" in refused("\n".join(lines))[0].sentence.one


def test_deep_nesting_stops_at_the_limit() -> None:
    assert "nested too deeply" in refused("[" * 100_000)[0].sentence.one


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: " + b"x" * 10_000_000)
    with pytest.raises(ProblemsFound) as found:
        yamlfile.read(big, "big.yaml")
    assert found.value.problems[0].sentence == text("The file is larger than {limit} MB.", limit=1)


@pytest.mark.parametrize(
    "content",
    ["a: !!python/object:os.system x", "a: *no", "--- a\n--- b\n", "? [a]\n: b", "a: \x07", "a: b: c"],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_refused(content: str) -> None:
    assert refused(content)


def test_aliases_within_reason_work() -> None:
    assert yamlfile.parse("a: &x [1]\nb: *x\n", "f").data == {"a": [1], "b": [1]}


def test_an_alias_is_no_key() -> None:
    (problem,) = refused("a: &x one\n*x : 2\n")
    assert problem.sentence == text("A key must be plain text.")
    assert str(problem.place) == "f.yaml:2:1"
    assert "A key" in refused('k: &a foo\n*a : 3\n"": 4\n')[0].sentence.one


@pytest.mark.parametrize("written", ["1e999", "-1e999", "9e400"])
def test_a_number_beyond_all_numbers_is_no_number(written: str) -> None:
    good = (CONFIGS / "retroplan" / "good.yaml").read_text("utf-8")
    assert yamlfile.scalar(written) == written
    with pytest.raises(ProblemsFound) as found:
        template_file.from_document(
            yamlfile.parse(good.replace("[1, 2, 4]", f"[1, 2, {written}]"), "f.yaml")
        )
    (problem,) = found.value.problems
    assert problem.sentence.values["found"] == f'"{written}"'


def test_the_week_is_read_by_half_days(tmp_path: Path) -> None:
    content = (CONFIGS / "workspace" / "good.yaml").read_text("utf-8")
    file = tmp_path / "bridge.yaml"
    file.write_text(
        content.replace("{country: FR,", "{country: FR, weekdays: {mon: day, wed: am, sat: pm},"),
        "utf-8",
    )
    assert workspace_file.load(tmp_path).calendar.week == {0, 1, 4, 11}
    file.write_text(content, "utf-8")
    assert workspace_file.load(tmp_path).calendar.week == set(range(10))
