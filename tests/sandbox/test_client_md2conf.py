"""The command `md2conf` (markdown-to-confluence), unmodified, publishes a folder to the sandbox."""

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.confluence.pages import Page
from tests.sandbox.client import Client

pytestmark = pytest.mark.slow  # each publication is a process of some seconds
SCOPES = (
    "read:space:confluence", "read:page:confluence", "write:page:confluence", "read:label:confluence",
    "write:confluence-content", "write:confluence-file", "read:attachment:confluence",
    "read:content.metadata:confluence", "write:label:confluence", "read:comment:confluence",
    "write:attachment:confluence", "delete:attachment:confluence", "read:content-details:confluence",
)  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents and a picture."""
    root = tmp_path / "documents"
    root.mkdir()
    (root / "logo.png").write_bytes(PNG)
    (root / "index.md").write_text(
        "---\ntitle: Handbook\ntags: [marketing, bridge]\n---\n\n"
        "Read the [checklist](checklist.md).\n\n![Our logo](logo.png)\n\n"
        "| Day | Action |\n| --- | --- |\n| J-10 | Newsletter |\n",
        "utf-8",
    )
    (root / "checklist.md").write_text(
        "---\ntitle: Checklist\n---\n\n1. Choose the *offers*.\n2. Ask `IT`.\n", "utf-8"
    )
    return root


class Publisher:
    """Runs the command at the site's address, or at the gateway with a scoped token."""

    def __init__(self, box: Sandbox, place: str) -> None:
        self.box = box
        self.address = box.ready["confluence"] + "/"
        self.token = box.ready["token"]
        if place == "gateway":
            self.address = f"{box.ready['jira']}/ex/confluence/{box.site.cloud_id}/"
            self.token = box.site.people.issue_token(box.ready["email"], scopes=SCOPES)

    def publish(self, folder: Path, *options: str) -> str:
        """Publish a folder; what the command said."""
        given = ["--api-url", self.address, "-u", self.box.ready["email"], "-a", self.token]
        command = [sys.executable, "-m", "md2conf", str(folder), "-s", "MKT", *given, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def pages(self) -> dict[str, Page]:
        wiki = self.box.site.confluence
        return {page.title: page for page in wiki.pages.all() if page.title != "Camille"}


@pytest.fixture(params=["site", "gateway"])
def publisher(request: pytest.FixtureRequest, box: Sandbox) -> Publisher:
    return Publisher(box, request.param)


def test_a_folder_twice(box: Sandbox, publisher: Publisher, folder: Path) -> None:
    wiki = box.site.confluence
    publisher.publish(folder)
    handbook, checklist = publisher.pages["Handbook"], publisher.pages["Checklist"]
    assert sorted(wiki.labels_of(handbook.id)) == ["bridge", "marketing"]
    (logo,) = wiki.files.of(handbook.id)
    assert (logo.media, wiki.files.content(logo)) == ("image/png", PNG)
    assert ">Newsletter</p></td>" in wiki.body(handbook.id)
    assert checklist.parent == handbook.id
    before = {title: page.version for title, page in publisher.pages.items()}
    box.forget_requests()
    publisher.publish(folder)
    assert {title: page.version for title, page in publisher.pages.items()} == before
    assert wiki.files.of(handbook.id) == [logo]
    assert [r.path for r in box.requests if r.method == "PUT" and "/pages/" in r.path] == []


def test_a_change_is_one_new_version(box: Sandbox, publisher: Publisher, folder: Path) -> None:
    publisher.publish(folder)
    before = publisher.pages
    checklist = folder / "checklist.md"
    checklist.write_text(checklist.read_text("utf-8") + "3. Publish.\n", "utf-8")
    publisher.publish(folder)
    after = publisher.pages
    assert after["Checklist"].version == before["Checklist"].version + 1
    assert after["Handbook"].version == before["Handbook"].version
    assert "Publish." in box.site.confluence.body(after["Checklist"].id)


def test_an_edit_in_between_is_left_alone(box: Sandbox, publisher: Publisher, folder: Path) -> None:
    publisher.publish(folder)
    page = publisher.pages["Checklist"]
    box.site.confluence.edit(page.id, lambda body: body + "<p>By hand.</p>", by="Nadia")
    checklist = folder / "checklist.md"
    checklist.write_text(checklist.read_text("utf-8") + "3. Publish.\n", "utf-8")
    publisher.publish(folder, "--no-overwrite")
    body = box.site.confluence.body(page.id)
    assert ("By hand." in body, "Publish." in body) == (True, False)
    publisher.publish(folder, "--overwrite")
    body = box.site.confluence.body(page.id)
    assert ("By hand." in body, "Publish." in body) == (False, True)


def test_a_conflict_while_it_publishes(box: Sandbox, folder: Path) -> None:
    publisher = Publisher(box, "site")
    publisher.publish(folder)
    page = publisher.pages["Checklist"]
    box.faults.conflict(method="PUT", path=f"/pages/{page.id}$")
    checklist = folder / "checklist.md"
    checklist.write_text(checklist.read_text("utf-8") + "3. Publish.\n", "utf-8")
    with pytest.raises(AssertionError, match="409"):
        publisher.publish(folder)
    assert publisher.pages["Checklist"].version == page.version
    publisher.publish(folder)
    assert "Publish." in box.site.confluence.body(page.id)


def test_a_wrong_token(box: Sandbox, folder: Path, nobody: Client) -> None:
    publisher = Publisher(box, "site")
    publisher.token = "wrong"
    with pytest.raises(AssertionError, match="401"):
        publisher.publish(folder)
    assert set(publisher.pages) == {"Marketing"}
    assert nobody.call("GET", "/wiki/spaces/MKT").status_code == 200
