"""Rule files that are wrong are refused with every place, and the last good rules stay in force."""

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bridge.config import bundle as bundles
from bridge.config import policy, rulefiles, yamlfile
from bridge.config import standing as standing_files
from bridge.config import workspace as workspace_file
from bridge.errors import Problem, ProblemsFound
from bridge.guardrails import trials
from bridge.guardrails.request import Request
from bridge.guardrails.standing import standing
from bridge.guardrails.verdict import judge
from bridge.language import language

CONFIGS = Path(__file__).parent / "configs"
SHIPPED = CONFIGS / "rules"
DEFECTS = sorted(p for p in (CONFIGS / "guardrails").glob("*.yaml") if p.stem != "good")
TODAY = date(2026, 11, 22)
ACCEPTED = (
    "format: bridge/accepted/v1\naccepted:\n"
    "  - {module: greeting, version: 1.0.0, by: vanessa, role: it-security, on: 2026-11-01}\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with one good module of its own."""
    (tmp_path / "guardrails" / "modules").mkdir(parents=True)
    shutil.copy(CONFIGS / "workspace" / "good.yaml", tmp_path / "bridge.yaml")
    put(tmp_path, CONFIGS / "guardrails" / "good.yaml")
    return tmp_path


def put(shop: Path, file: Path) -> Path:
    """Make a file the shop's module."""
    return Path(shutil.copy(file, shop / "guardrails" / "modules" / "greeting.yaml"))


def load(shop: Path | None) -> policy.Loaded:
    return policy.load(shop, SHIPPED)


def said(problems: tuple[Problem, ...], code: str) -> str:
    """All problems as people read them, one a line."""
    speaker = language(code)
    lines = []
    for problem in problems:
        assert problem.place is not None
        where = f"{problem.place.line}:{problem.place.column}"
        hint = f" -> {speaker.say(problem.hint)}" if problem.hint else ""
        lines.append(f"{where} {speaker.say(problem.sentence)}{hint}")
    return "".join(f"{line}\n" for line in lines)


def refused(shop: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as found:
        load(shop)
    return found.value.problems


# --- what is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_defect_is_refused_with_its_places(
    shop: Path, code: str, golden: Callable[[str, str], None]
) -> None:
    assert len(DEFECTS) >= 20
    told = []
    for defect in DEFECTS:
        put(shop, defect)
        problems = refused(shop)
        assert all(p.place and p.place.file.endswith("modules/greeting.yaml") for p in problems)
        told.append(f"# {defect.stem}\n{said(problems, code)}")
    golden(f"bad-guardrails.{code}.txt", "\n".join(told))


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda path: path.stem)
def test_the_last_good_rules_stay_in_force(shop: Path, defect: Path) -> None:
    good = load(shop)
    put(shop, defect)
    loaded = load(shop)
    assert (loaded.is_previous, loaded.bundle) == (True, good.bundle)
    assert all(p.place and p.place.line for p in loaded.problems)
    put(shop, CONFIGS / "guardrails" / "good.yaml")
    assert load(shop) == good


def test_the_problems_of_all_files_are_told_at_once(shop: Path) -> None:
    put(shop, CONFIGS / "guardrails" / "no-why.yaml")
    registers = shop / "guardrails" / "registers"
    registers.mkdir()
    (registers / "hosts.yaml").write_text(
        "format: bridge/guardrail-register/v1\nid: hosts\n", "utf-8"
    )
    (shop / "glossary.yaml").write_text("a: [", "utf-8")
    files = {p.place.file.rpartition("/")[2] for p in refused(shop) if p.place}
    assert files == {"greeting.yaml", "hosts.yaml", "glossary.yaml"}


@pytest.mark.parametrize(
    ("entries", "sentence", "line"),
    [
        ("  - {value: a, owner: dpo, purpose: {fr: x, en: x}, expires_on: 2027-02-30}\n", "no such day", 5),
        ("  - {value: a, owner: dpo, purpose: {fr: x, en: x}}\n", "“expires_on” is missing", 5),
        ("  - &e {value: a, owner: dpo, purpose: {fr: x, en: x}, expires_on: 2027-02-03}\n  - *e\n",
         "stands here twice", 6),
    ],
)  # fmt: skip
def test_a_register_is_refused_with_its_line(
    shop: Path, entries: str, sentence: str, line: int
) -> None:
    (shop / "guardrails" / "registers").mkdir()
    (shop / "guardrails" / "registers" / "colours.yaml").write_text(
        "format: bridge/guardrail-register/v1\nid: colours\ntitle: {fr: Couleurs, en: Colours}\nentries:\n"
        + entries,
        "utf-8",
    )
    (problem,) = refused(shop)
    assert problem.place is not None
    assert problem.place.line == line
    assert sentence in said((problem,), "en")


def test_a_glossary_names_types_that_exist(shop: Path) -> None:
    line = "  - {label: Bigophone, type: phnoe, by: vanessa, on: 2026-11-01}\n"
    glossary = shop / "glossary.yaml"
    glossary.write_text(f"format: bridge/glossary/v1\nlabels:\n{line}", "utf-8")
    assert said(refused(shop), "en") == (
        "3:30 There is no field type “phnoe”. -> Did you mean “phone”?\n"
    )
    glossary.write_text(
        f"format: bridge/glossary/v1\nlabels:\n{line}".replace("phnoe", "phone"), "utf-8"
    )
    reading = load(shop).bundle.lexicon.read({"label": "bigophone", "data": "email"})
    assert reading.detected is not None
    assert reading.detected.id == "phone"


ODD: list[Any] = [
    None, [], {}, "", 0, -1, 1.5, True, "x", ["x"], [{}], {"x": 1}, {"x": {}}, [None], "@", "a@in:zz", "/",
    "2026-02-31", {"register": "hosts"}, {"path": "x"}, {"days": 99999}, {"type": "object"}, {"$ref": "#"},
]  # fmt: skip


def places(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield above
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in inside:
            yield from places(inner, (*above, key))


def replaced(value: Any, place: tuple[str | int, ...], odd: Any) -> Any:
    if not place:
        return odd
    copied = copy.copy(value)
    copied[place[0]] = replaced(value[place[0]], place[1:], odd)
    return copied


@pytest.mark.parametrize("name", ["modules/greeting.yaml", "registers/hosts.yaml", "levels.yaml"])
def test_whatever_stands_in_a_file_it_is_read_or_refused(name: str) -> None:
    """Every value of a good file replaced by odd ones: a bundle, or a problem with its place."""
    file = CONFIGS / "guardrails" / "good.yaml" if "greeting" in name else SHIPPED / name
    good = rulefiles.parse(rulefiles.found(None, SHIPPED).shipped).documents
    data = yamlfile.read(file).data
    for number, place in enumerate(places(data)):
        for odd in ODD[number % 3 :: 3]:
            document = yamlfile.Document(name, replaced(data, place, odd))
            built = bundles.build(rulefiles.Parsed({**good, name: document}))
            assert all(p.place for p in built.problems)
            for module in built.modules.values():
                trials.run(module, built.bundle(""))


# --- what is kept --------------------------------------------------------------------------------


def test_formatting_and_comments_leave_the_bundle_as_it_is(shop: Path) -> None:
    before = load(shop)
    module = shop / "guardrails" / "modules" / "greeting.yaml"
    module.write_text(
        "# a comment\n" + module.read_text("utf-8").replace("  - id: G2", "\n  - id:   G2"), "utf-8"
    )
    after = load(shop)
    assert after.bundle.id == before.bundle.id
    assert (
        after.bundle.modules["greeting"].limits[1].line
        > before.bundle.modules["greeting"].limits[1].line
    )


@pytest.mark.parametrize(
    ("old", "new"), [("length_max: 40", "length_max: 40.0"), ('{fr: "Rien', '{fr: "Nul')]
)
def test_content_does_not(shop: Path, old: str, new: str) -> None:
    before = load(shop).bundle.id
    module = shop / "guardrails" / "modules" / "greeting.yaml"
    module.write_text(module.read_text("utf-8").replace(old, new), "utf-8")
    after = load(shop)
    assert (after.bundle.id != before, after.is_previous) == (True, False)


def test_the_copy_is_the_same_bundle_down_to_the_lines(shop: Path) -> None:
    from_files, from_copy = load(shop), load(shop)
    assert from_copy == from_files
    assert from_copy.bundle.modules["greeting"].limits[1].line == 26


def test_a_damaged_copy_is_not_trusted(shop: Path) -> None:
    load(shop)
    copy = shop / ".bridge" / "guardrails.json"
    copy.write_bytes(copy.read_bytes().replace(b'"length_max":40', b'"length_max":99'))
    put(shop, CONFIGS / "guardrails" / "no-why.yaml")
    assert refused(shop)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]\n[1]"])
def test_a_copy_that_is_none_is_made_anew(shop: Path, content: bytes) -> None:
    good = load(shop)
    copy = shop / ".bridge" / "guardrails.json"
    whole = copy.read_bytes()
    copy.write_bytes(content)
    assert load(shop) == good
    assert copy.read_bytes() == whole


def test_a_workspace_that_cannot_be_written_to_is_still_judged(shop: Path) -> None:
    (shop / ".bridge").write_text("in the way", "utf-8")
    loaded = load(shop)
    assert "greeting" in loaded.bundle.modules
    assert loaded.warning is not None


def test_a_good_copy_of_another_version_is_read_again(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = load(shop)
    copy = shop / ".bridge" / "guardrails.json"
    monkeypatch.setattr("bridge.config.kept.__version__", "99.0.0")
    assert load(shop) == good
    assert json.loads(copy.read_bytes().partition(b"\n")[2])["bridge"] == "99.0.0"


# --- what is laid over what ----------------------------------------------------------------------


def test_a_file_of_the_same_name_replaces_the_shipped_one(shop: Path) -> None:
    registers = shop / "guardrails" / "registers"
    registers.mkdir()
    theirs = (SHIPPED / "registers" / "hosts.yaml").read_text("utf-8")
    (registers / "hosts.yaml").write_text(
        theirs.replace("www.example.fr", "www.boutique.example"), "utf-8"
    )
    assert load(shop).bundle.registers["hosts"].valid(TODAY) == {"www.boutique.example"}


def test_a_shops_own_registers_do_not_fail_the_shipped_modules_tests(
    shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The shipped test with www.example.fr holds among the shipped registers, whatever the shop lists."""
    shipped = tmp_path_factory.mktemp("shipped")
    shutil.copytree(SHIPPED, shipped, dirs_exist_ok=True)
    (shipped / "modules").mkdir()
    good = (CONFIGS / "guardrails" / "good.yaml").read_text("utf-8")
    linked = (
        '  - {name: ours, part: {words: A, link: "https://www.example.fr/"}, expect: approved}\n'
    )
    (shipped / "modules" / "welcome.yaml").write_text(
        good.replace("id: greeting", "id: welcome") + linked, "utf-8"
    )
    registers = shop / "guardrails" / "registers"
    registers.mkdir()
    theirs = (SHIPPED / "registers" / "hosts.yaml").read_text("utf-8")
    (registers / "hosts.yaml").write_text(
        theirs.replace("www.example.fr", "www.boutique.example"), "utf-8"
    )
    assert set(policy.load(shop, shipped).bundle.modules) == {"greeting", "welcome"}
    module = shop / "guardrails" / "modules" / "greeting.yaml"
    module.write_text(good + linked, "utf-8")
    (problem,) = policy.load(shop, shipped).problems  # the shop's own module is tested with its own
    assert "ours" in said((problem,), "en")


def test_one_folder_that_is_both_counts_once(shop: Path) -> None:
    assert rulefiles.found(shop, shop / "guardrails").own == {}


def test_one_file_can_be_tried_beside_the_others(shop: Path) -> None:
    files = rulefiles.found(None, SHIPPED).with_file(
        shop / "guardrails" / "modules" / "greeting.yaml"
    )
    assert set(policy.read(files)[1].modules) == {"greeting"}


def test_rules_without_a_workspace_are_the_shipped_ones() -> None:
    loaded = load(None)
    assert (set(loaded.bundle.registers), loaded.warning) == ({"hosts"}, None)


# --- what is weak --------------------------------------------------------------------------------


def test_lint_names_what_no_test_notices_and_what_expired(shop: Path) -> None:
    told = said(policy.lint(rulefiles.found(shop, SHIPPED), date(2028, 1, 1)), "en")
    assert told.splitlines() == [
        "1:1 The review was due by Mon 31 May 2027: the module approves nothing.",
        "32:1 No test respects “G3”.",
        "32:1 No test exceeds “G3”.",
        *(f"{line}:1 “{name}” {what}"
          for line, name in ((21, "G1"), (26, "G2"), (32, "G3"))
          for what in ("names no source.", "does not say what would pass (fix).")),
        "5:1 “www.example.fr” expired on Fri 31 Dec 2027: it counts as absent.",
    ]  # fmt: skip


def test_lint_names_parameters_that_take_anything(shop: Path) -> None:
    module = shop / "guardrails" / "modules" / "greeting.yaml"
    good = module.read_text("utf-8")
    module.write_text(
        good.replace("ends_on: {type: string}", "ends_on: {}\n    list: {type: array}"), "utf-8"
    )
    told = said(policy.lint(rulefiles.found(shop, SHIPPED), TODAY), "en")
    assert "16:14 This parameter takes any value: its type is not said.\n" in told
    assert "17:11 This list takes any entry: what its items are is not said.\n" in told


def test_the_shipped_rules_are_sound(tmp_path: Path) -> None:
    assert policy.load(tmp_path).bundle == policy.load(tmp_path).bundle


# --- what this shop says -------------------------------------------------------------------------


def standing_of(shop: Path) -> Any:
    return standing_files.circumstances(shop, workspace_file.load(shop), TODAY)


def test_a_module_approves_from_the_day_it_is_accepted(shop: Path) -> None:
    request = Request({
        "kind": "landing-page", "title": "Noël", "campaign": "noel", "requester": "camille",
        "needed_by": "2026-12-01", "page": {}, "blocks": [{"use": "greeting@1", "words": "Bonjour"}],
    })  # fmt: skip
    bundle = load(shop).bundle
    before = judge(request, bundle, standing_of(shop))
    assert "ACCEPTED" in {f.limit for f in before.findings}
    (shop / "accepted.yaml").write_text(ACCEPTED, "utf-8")
    after = judge(request, bundle, standing_of(shop))
    assert "ACCEPTED" not in {f.limit for f in after.findings}


def test_a_module_is_accepted_by_the_role_that_owns_it_and_by_no_other(shop: Path) -> None:
    bundle = load(shop).bundle
    (shop / "accepted.yaml").write_text(ACCEPTED.replace("it-security", "dpo"), "utf-8")
    found = list(standing(bundle.modules["greeting"], standing_of(shop), ()))
    assert [f.limit for f in found] == ["ACCEPTED"]
    assert "(DPO)" in language("en").say(found[0].found)


def test_only_people_of_the_workspace_accept(shop: Path) -> None:
    (shop / "accepted.yaml").write_text(ACCEPTED.replace("vanessa", "vanesa"), "utf-8")
    (shop / "incidents.yaml").write_text(
        "format: bridge/incidents/v1\nincidents:\n  - {module: greeting}\n", "utf-8"
    )
    with pytest.raises(ProblemsFound) as found:
        standing_of(shop)
    assert said(found.value.problems, "en") == (
        "3:44 Nobody is called “vanesa” under “people”. -> Did you mean “vanessa”?\n"
        "3:5 The key “version” is missing.\n"
        "3:5 The key “on” is missing.\n"
        "3:5 The key “reason” is missing.\n"
    )


def test_an_incident_counts_from_its_day(shop: Path) -> None:
    (shop / "incidents.yaml").write_text(
        "format: bridge/incidents/v1\nincidents:\n"
        "  - {module: greeting, version: 1.0.0, on: 2026-11-20, reason: Un lien cassé}\n",
        "utf-8",
    )
    incident = standing_of(shop).incident("greeting", "1.0.0")
    assert incident.reason == "Un lien cassé"


def test_sundays_holidays_and_closures_are_off_and_saturdays_are_not(shop: Path) -> None:
    is_day_off = standing_of(shop).is_day_off
    days = {
        date(2026, 11, 22): True,  # a Sunday
        date(2026, 11, 21): False,  # a Saturday
        date(2026, 12, 25): True,  # Christmas
        date(2026, 12, 31): True,  # the firm is closed
        date(2026, 5, 25): False,  # Whit Monday, worked here
        date(2026, 11, 23): False,
    }
    assert {day: is_day_off(day) for day in days} == days


def test_without_a_workspace_nothing_is_accepted() -> None:
    assert standing_files.circumstances(None, None, TODAY).acceptances == ()
