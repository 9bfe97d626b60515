"""A sandbox as a process: started, asked, stopped, killed, and found again."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from bridge.sandbox import Sandbox, serve
from bridge.sandbox.seed import TOKEN_VARIABLE
from tests.sandbox.client import Client

SERVE = """
    import json, sys
    from bridge.sandbox import serve
    serve(0, sys.argv[1], on_ready=lambda ready: print(json.dumps(ready), flush=True))
"""


class TestStarting:
    def test_what_it_announces(self, box: Sandbox) -> None:
        assert set(box.ready) == {
            "jira",
            "confluence",
            "flavour",
            "email",
            "token",
            "projects",
            "space",
        }
        assert box.ready["confluence"] == box.ready["jira"] + "/wiki"
        assert (box.ready["flavour"], box.ready["projects"], box.ready["space"]) == (
            "cloud",
            ["MKT", "IT"],
            "MKT",
        )
        json.dumps(box.ready)

    def test_only_what_is_known(self) -> None:
        with pytest.raises(ValueError, match="cloud, datacenter"):
            Sandbox("server")
        with pytest.raises(ValueError, match="language"):
            Sandbox(language="de")

    def test_a_file_of_the_other_flavour_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "site.db"
        Sandbox(db=path).stop()
        with pytest.raises(ValueError, match="cloud site, not a datacenter one"):
            Sandbox("datacenter", db=path)

    def test_without_seed(self) -> None:
        with Sandbox(seed=False) as empty:
            assert (empty.ready["projects"], empty.ready["space"], empty.ready["token"]) == (
                [],
                None,
                None,
            )
            assert (
                requests.get(empty.ready["jira"] + "/rest/api/3/serverInfo", timeout=5).status_code
                == 200
            )

    def test_ids_are_the_same_everywhere(self, box: Sandbox) -> None:
        with Sandbox() as other:
            assert [p.account_id for p in box.site.people] == [
                p.account_id for p in other.site.people
            ]
            assert other.ready["token"] != box.ready["token"]

    def test_a_token_of_ones_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(TOKEN_VARIABLE, "chosen")
        with Sandbox() as box, Client.of(box) as api:
            assert box.ready["token"] == "chosen"
            assert api.jira("GET", "myself").status_code == 200

    def test_importing_is_cheap(self) -> None:
        code = "import bridge.sandbox, sys; print([m for m in ('flask', 'lxml', 'lark', 'waitress') if m in sys.modules])"
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == "[]"

    def test_an_unknown_name(self) -> None:
        with pytest.raises(AttributeError):
            __import__("bridge.sandbox").sandbox.Nothing  # noqa: B018  # that it is looked up is the test


class TestTheLog:
    def test_rest_calls_and_nothing_else(self, box: Sandbox, api: Client) -> None:
        api.call("GET", "/")
        key = api.create()
        api.jira("GET", f"issue/{key}?fields=summary")
        api.call("GET", "/_sandbox")
        shown = [(r.method, r.path, r.query, r.status) for r in box.requests]
        assert shown == [
            ("POST", "/rest/api/3/issue", "", 201),
            ("GET", f"/rest/api/3/issue/{key}", "fields=summary", 200),
        ]
        assert box.requests[0].user == box.site.people.find("Bridge").account_id
        assert [r.n for r in box.requests] == [1, 2]
        box.forget_requests()
        assert box.requests == []


class TestTheClock:
    def test_it_can_be_set(self, box: Sandbox, api: Client) -> None:
        box.now = lambda: datetime(2026, 12, 17, 7, 30, tzinfo=UTC)
        key = api.create()
        assert api.fields(key)["created"] == "2026-12-17T08:30:00.000+0100"
        assert api.publish("Décembre")["createdAt"] == "2026-12-17T07:30:00.000Z"
        assert box.now().day == 17


class TestTheDoor:
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
    def test_a_foreign_name_is_turned_away(self, nobody: Client, host: str) -> None:
        for path in ("/", "/rest/api/3/serverInfo", "/_sandbox"):
            assert nobody.call("GET", path, headers={"Host": host}).status_code == 421

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1234", "[::1]:80"])
    def test_our_own_names_are_let_in(self, nobody: Client, host: str) -> None:
        assert (
            nobody.call("GET", "/rest/api/3/serverInfo", headers={"Host": host}).status_code == 200
        )

    def test_many_at_once(self, box: Sandbox) -> None:
        def work(n: int) -> list[str]:
            with Client.of(box) as api:
                return [api.create(("MKT", "IT")[n % 2]) for _ in range(10)]

        with ThreadPoolExecutor(8) as pool:
            keys = [key for made in pool.map(work, range(8)) for key in made]
        assert len(set(keys)) == 80
        assert len(box.site.jira.all_issues()) == 80


class TestKeeping:
    def test_a_restart_keeps_everything(self, tmp_path: Path) -> None:
        path = tmp_path / "box.db"
        with Sandbox(db=path, language="fr") as first, Client.of(first) as api:
            token = first.ready["token"]
            key = api.create(kind="Tâche", labels=["a"])
            page = api.publish("Décembre")
            first.site.jira.setup.require("MKT", "duedate")
            cloud_id = first.site.cloud_id
        with Sandbox(db=path) as second, Client.of(second) as api:
            assert second.ready["token"] == token
            assert api.found("labels = a") == [key]
            assert api.wiki("GET", f"pages/{page['id']}").json()["title"] == "Décembre"
            refused = api.jira(
                "POST",
                "issue",
                {
                    "fields": {
                        "project": {"key": "MKT"},
                        "issuetype": {"name": "Tâche"},
                        "summary": "x",
                    }
                },
            )
            assert "duedate" in refused.json()["errors"]
            assert second.site.cloud_id == cloud_id

    def test_a_refused_request_leaves_the_settings_as_they_were(self, box: Sandbox) -> None:
        def break_off() -> None:
            with box.site.store.transaction():
                box.site.jira.setup.add_field("Lost")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            break_off()
        assert "Lost" not in {f.name for f in box.site.jira.setup.fields}

    @pytest.mark.slow
    def test_kill_leaves_a_usable_file(self, tmp_path: Path) -> None:
        path = tmp_path / "box.db"
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SERVE), path], stdout=subprocess.PIPE, text=True
        ) as run:
            assert run.stdout
            ready = json.loads(run.stdout.readline())
            auth = (ready["email"], ready["token"])
            made: list[str] = []

            def write() -> None:
                task = {
                    "fields": {
                        "project": {"key": "MKT"},
                        "issuetype": {"name": "Task"},
                        "summary": "x",
                    }
                }
                with Client(ready["jira"], auth) as api:
                    while True:
                        try:
                            made.append(api.jira("POST", "issue", task).json()["key"])
                        except requests.RequestException:
                            return

            writer = threading.Thread(target=write)
            writer.start()
            while len(made) < 20:
                assert run.poll() is None
            os.kill(run.pid, signal.SIGKILL)
            writer.join()
        with Sandbox(db=path) as box:
            kept = {i.key for i in box.site.jira.all_issues()}
            assert set(made) <= kept, "every acknowledged issue is there"
            assert box.ready["token"] == ready["token"]

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_serving_until_told_to_end(self, tmp_path: Path, number: signal.Signals) -> None:
        path = tmp_path / "box.db"
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(SERVE), path],
            stdout=subprocess.PIPE,
            text=True,
        ) as run:
            assert run.stdout
            ready = json.loads(run.stdout.readline())
            assert (
                requests.get(ready["jira"] + "/rest/api/3/serverInfo", timeout=5).status_code == 200
            )
            run.send_signal(number)
            assert run.wait(10) == 0

    def test_serving_puts_the_signal_handlers_back(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        serve(on_ready=lambda _: signal.raise_signal(signal.SIGTERM))
        assert signal.getsignal(signal.SIGTERM) is before
