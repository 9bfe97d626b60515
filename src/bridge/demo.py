"""The demo: a sandbox, two campaigns with launches in the near future, and the months they touch.

Everything goes through the same code that talks to the real Jira and Confluence.
"""

import shlex
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import yaml

from bridge import bootstrap, demorequests, disk, library
from bridge.bootstrap import Desk, open_desk
from bridge.campaign import LABEL, Order, default_id
from bridge.config import policy, standing, yamlfile
from bridge.config import request as request_file
from bridge.config import workspace as workspace_file
from bridge.config.templates import Templates
from bridge.errors import FileInTheWay
from bridge.guardrails.request import Request
from bridge.guardrails.roles import role_name
from bridge.operations import create as creating
from bridge.operations import month as months
from bridge.operations import submit as submitting
from bridge.operations.case import Rules
from bridge.operations.draw import draw
from bridge.operations.sources import Reader
from bridge.ports import Progress, Tools
from bridge.report import month as month_report
from bridge.retroplan.schedule import calendars_for
from bridge.settings import Settings
from bridge.text import Speaker, text
from bridge.tracker import Draft
from bridge.workspace import Workspace

# Days ahead that leave every step of the template in the future.
_SEASON_AHEAD, _PRODUCT_AHEAD = 46, 64


@dataclass
class Played:
    """What the demo made, and where to look at it."""

    sandbox: dict[str, Any]
    campaigns: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    folder: Path = Path()

    def as_json(self) -> dict[str, Any]:
        """Return the JSON contract of ``demo`` (``interfaces.md``)."""
        return {
            "sandbox": self.sandbox,
            "campaigns": self.campaigns,
            "requests": self.requests,
            "pages": self.pages,
            "files": [str(path) for path in self.files],
        }


@contextmanager
def play(folder: Path, progress: Progress) -> Iterator[Played]:
    """Play the story into ``folder`` (its earlier content goes); the sandbox runs until the block ends."""
    with disk.usable(folder):
        _prepare(folder)
    workspace = workspace_file.load(folder)
    with bootstrap.sandbox(workspace.lang) as ready:
        settings = Settings(ready["jira"], ready["confluence"], ready["email"], ready["token"])
        desk = open_desk(folder, workspace, progress, settings=settings)
        played = Played(sandbox=ready, folder=folder)
        _people_plan_their_own(desk)
        launches = [_create(desk, played, order) for order in _orders(desk, folder)]
        for content in demorequests.contents(played.campaigns, launches):
            _ask(desk, played, content)
        _publish(desk, played, max(launches))
        _write_files(desk, played, settings)
        yield played


def wait() -> None:
    """Wait for Ctrl-C."""
    threading.Event().wait()


def _prepare(folder: Path) -> None:
    if folder.exists() and not (folder / "bridge.yaml").exists() and any(folder.iterdir()):
        raise FileInTheWay(str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in library.demo_workspace():
        shutil.copy(file, folder)


def _orders(desk: Desk, folder: Path) -> list[Order]:
    today = desk.clock.today()
    templates = Templates(folder)
    season = _worked_day(desk.workspace, today + timedelta(days=_SEASON_AHEAD))
    product = _worked_day(desk.workspace, today + timedelta(days=_PRODUCT_AHEAD))
    plan_b = {
        "plan_b_products": "Bonnets et écharpes de la collection permanente",
        "plan_b_switch_off": "Rediriger vers les produits similaires dès la rupture",
    }
    return [
        Order(id=default_id(name, launch), name=name, template=templates.get(template), launch=launch,
              values=values)
        for name, template, launch, values in (
            ("Soldes d’hiver", "seasonal-campaign", season, plan_b),
            ("Lancement de la bougie Aurore", "product-launch", product, {}),
        )
    ]  # fmt: skip


def _worked_day(workspace: Workspace, day: date) -> date:
    return calendars_for(day, workspace.calendar).named().day_at_or_after(day)


def _people_plan_their_own(desk: Desk) -> None:
    """Put some actions of the coming days into Jira by hand, as colleagues do, so that today has some."""
    today = desk.clock.today()
    calendar = calendars_for(today, desk.workspace.calendar).named()
    days = [
        today,
        calendar.nth_day_after(today, 1),
        calendar.nth_day_before(today, 1),
    ]
    people = {p.id: p for p in desk.workspace.team.people.values() if not p.external}
    project = desk.workspace.main_project
    survey = desk.tracker.survey(
        [project], [(person, project) for person in people.values()], LABEL
    )
    desk.tracker.create([
        Draft(ref=str(number), project=project, kind="task",
              fields={"summary": summary, "due": day, "assignee": survey.accounts[who][0].id})
        for number, (summary, day, who) in enumerate([
            ("Changer la page d’accueil", days[0], "vanessa"),
            ("Envoyer la newsletter", days[0], "camille"),
            ("Mettre à jour le merchandising", days[1], "vanessa"),
            ("Changer les publicités", days[1], "jonathan"),
            ("Poser le bloc « dernière chance » sur les fiches produits", days[2], "camille"),
        ])
    ])  # fmt: skip


def _create(desk: Desk, played: Played, order: Order) -> date:
    campaign = draw(order, desk.workspace, desk.clock.today())
    with desk.writing() as journal:
        tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, desk.progress)
        outcome = creating.create(campaign, tools)
    played.campaigns.append({
        "id": order.id, "epic": outcome.epic, "issues": len(outcome.keys) - 1, "url": outcome.url,
        "name": order.name,
    })  # fmt: skip
    return order.launch


def _ask(desk: Desk, played: Played, content: Mapping[str, Any]) -> None:
    """Write a request's file, as marketing does, and submit it."""
    request = Request(content)
    file = played.folder / "requests" / f"{request.identity}.yaml"
    file.parent.mkdir(exist_ok=True)
    source = yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=100)
    file.write_text(source, encoding="utf-8")
    rules = Rules(
        bundle=policy.load(played.folder).bundle,
        circumstances=standing.circumstances(played.folder, desk.workspace, desk.clock.today()),
        reader=Reader(request_file.parse, yamlfile.scalar),
        steps=Templates(played.folder).requests_of,
    )
    with desk.writing() as journal:
        tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, desk.progress)
        done = submitting.submit_file(
            request_file.parse(source, file.name),
            source,
            desk.workspace,
            tools,
            rules,
            lambda _: True,
        )
    played.requests.append({
        "title": request.title, "key": done.key, "url": done.url, "standing": done.standing,
        "approvals": {role: desk.tracker.url(key) for role, key in done.approvals.items()},
    })  # fmt: skip
    played.files.append(file)


def _publish(desk: Desk, played: Played, until: date) -> None:
    month = desk.clock.today().replace(day=1)
    while month <= until:
        layout = month_report.layout(desk.workspace, month, desk.speaker)
        with desk.writing() as journal:
            tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, desk.progress)
            published = months.publish(month, desk.workspace, tools, desk.wiki, layout)
        played.pages.append({
            "month": f"{month:%Y-%m}", "page": published.page, "url": published.url,
            "actions": len(published.view.actions),
        })  # fmt: skip
        file = played.folder / f"{month:%Y-%m}.html"
        file.write_text(
            month_report.preview(desk.workspace, published.view, {}, desk.speaker), encoding="utf-8"
        )
        played.files.append(file)
        month = months.next_month(month)


def _write_files(desk: Desk, played: Played, settings: Settings) -> None:
    """Keep pictures of the look-alike's own pages, and what a shell needs to go on playing."""
    for number, campaign in enumerate(played.campaigns, 1):
        file = played.folder / f"epic-{number}.html"
        file.write_text(bootstrap.snapshot(str(campaign["url"])), encoding="utf-8")
        played.files.append(file)
    for number, request in enumerate(played.requests, 1):
        for name, url in [("request", request["url"]), *request["approvals"].items()]:
            file = played.folder / f"{name}-{number}.html"
            file.write_text(bootstrap.snapshot(str(url)), encoding="utf-8")
            played.files.append(file)
    board = played.folder / "board.html"
    address = f"{settings.jira}/jira/projects/{desk.workspace.main_project}/board"
    board.write_text(bootstrap.snapshot(address), encoding="utf-8")
    played.files.append(board)
    shell = played.folder / "env.sh"
    shell.write_text(
        "".join(
            f"export {name}={shlex.quote(value)}\n"
            for name, value in (
                ("BRIDGE_JIRA_URL", settings.jira),
                ("BRIDGE_CONFLUENCE_URL", settings.confluence),
                ("BRIDGE_EMAIL", settings.email or ""),
                ("BRIDGE_TOKEN", settings.token),
                ("BRIDGE_WORKSPACE", str(played.folder.resolve())),
            )
        ),
        encoding="utf-8",
    )
    shell.chmod(0o600)
    played.files.append(shell)


def told(played: Played, speaker: Speaker, *, command: str, stays: bool) -> list[str]:
    """Return what to look at and what to try, for the terminal."""
    bold = {"bold": True}
    lines = ["", click.style(speaker.say(text("Look at:")), **bold)]
    lines += [
        speaker.say(
            text(
                "  {url}  {name}, an epic with {count} actions",
                url=campaign["url"],
                name=campaign["name"],
                count=campaign["issues"],
            )
        )
        for campaign in played.campaigns
    ]
    lines += [
        speaker.say(
            text(
                "  {url}  {month}, the page of the month, {count} actions",
                url=page["url"],
                month=speaker.day(date.fromisoformat(f"{page['month']}-01"), style="month"),
                count=page["actions"],
            )
        )
        for page in played.pages
    ]
    lines += _told_requests(played, speaker)
    lines += ["", click.style(speaker.say(text("Files:")), **bold)]
    lines += [f"  {path}" for path in played.files if path.suffix in (".html", ".yaml")]
    if not stays:
        ended = text("The sandbox has ended: the links are gone, the files stay. "
                     "On a terminal it goes on until Ctrl-C.")  # fmt: skip
        return [*lines, "", speaker.say(ended)]
    return [*lines, "", *_try_this(played, speaker, command)]


def _told_requests(played: Played, speaker: Speaker) -> list[str]:
    """Return what became of the requests: gone through at once, or on whose desk."""
    lines = []
    for request in played.requests:
        url, title = str(request["url"]), str(request["title"])
        if request["standing"] == "approved":
            said = text(
                "  {url}  {title}: approved at once, nobody in IT was asked", url=url, title=title
            )
        else:
            said = text(
                "  {url}  {title}: one limit exceeded, one person decides", url=url, title=title
            )
        lines.append(speaker.say(said))
        for role, approval in request["approvals"].items():
            asked = text(
                "  {url}  what is asked of {role}", url=str(approval), role=role_name(role)
            )
            lines.append(speaker.say(asked))
    return lines


def _sourced(file: Path) -> str:
    """Return a file as a shell reads it after a dot: a bare name would be looked up in PATH."""
    return shlex.quote(str(file) if "/" in str(file) else f"./{file}")


def _try_this(played: Played, speaker: Speaker, command: str) -> list[str]:
    page, sourced = played.pages[0], _sourced(played.folder / "env.sh")
    first = text("Try: change a date, an owner or a word on those pages, then run this in another "
                 "terminal. Your change survives:")  # fmt: skip
    return [
        click.style(speaker.say(first), bold=True),
        f"  . {sourced} && {shlex.quote(command)} month publish {page['month']}",
        "",
        speaker.say(text("Ctrl-C ends the sandbox.")),
    ]
