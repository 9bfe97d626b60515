"""A client of the Data Center flavour for the tests, signed in with a personal access token."""

from typing import Any, Self

import requests

from bridge.sandbox import Sandbox

EPIC_NAME, EPIC_LINK, START_DATE = "customfield_10203", "customfield_10201", "customfield_10204"


class ServerClient:
    """``jira("GET", "issue/MKT-1")`` and ``wiki("GET", "content/1")``."""

    def __init__(self, box: Sandbox, token: str | None) -> None:
        self.ready = box.ready
        self.session = requests.Session()
        self.session.trust_env = False
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def of(cls, box: Sandbox, who: str | None = None) -> Self:
        """The service account, or another person with a token made for the occasion."""
        token = box.ready["token"] if who is None else box.site.people.issue_token(who)
        return cls(box, token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def call(self, method: str, url: str, body: Any = None, **more: Any) -> requests.Response:
        """Any address; ``body`` is sent as JSON."""
        if body is not None:
            more["json"] = body
        return self.session.request(method, url, timeout=10, allow_redirects=False, **more)

    def jira(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path below ``/jira/rest/api/2``."""
        return self.call(method, f"{self.ready['jira']}/rest/api/2/{path}", body, **more)

    def rest(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path below ``/jira/rest``."""
        return self.call(method, f"{self.ready['jira']}/rest/{path}", body, **more)

    def wiki(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path below ``/confluence/rest/api``."""
        return self.call(method, f"{self.ready['confluence']}/rest/api/{path}", body, **more)

    def create(self, project: str = "MKT", kind: str = "Task", **fields: Any) -> str:
        """Create an issue and return its key; an epic gets a name."""
        given = {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "x", **fields}
        if kind == "Epic":
            given.setdefault(EPIC_NAME, given["summary"])
        made = self.jira("POST", "issue", {"fields": given})
        assert made.status_code == 201, made.text
        return str(made.json()["key"])

    def fields(self, key: str, *names: str) -> dict[str, Any]:
        """The fields of an issue."""
        found = self.jira("GET", f"issue/{key}", params={"fields": ",".join(names)})
        assert found.status_code == 200, found.text
        return dict(found.json()["fields"])

    def found(self, jql: str, **more: Any) -> list[str]:
        """The keys that a search finds, on its first page."""
        page = self.jira("POST", "search", {"jql": jql, "fields": ["summary"], **more})
        assert page.status_code == 200, page.text
        return [issue["key"] for issue in page.json()["issues"]]

    def publish(self, title: str, markup: str = "<p>x</p>", **more: Any) -> dict[str, Any]:
        """Publish a page in MKT."""
        storage = {"value": markup, "representation": "storage"}
        sent = {
            "type": "page",
            "title": title,
            "space": {"key": "MKT"},
            "body": {"storage": storage},
        }
        made = self.wiki("POST", "content", {**sent, **more})
        assert made.status_code == 200, made.text
        return dict(made.json())

    def save(
        self, page: dict[str, Any], markup: str, number: int, **more: Any
    ) -> requests.Response:
        """Save a page as a version."""
        storage = {"value": markup, "representation": "storage"}
        sent = {
            "type": "page",
            "title": page["title"],
            "version": {"number": number},
            "body": {"storage": storage},
        }
        return self.wiki("PUT", f"content/{page['id']}", {**sent, **more})


def get(box: Sandbox, path: str, **headers: str) -> requests.Response:
    """Without any credentials but those in the headers; a path of the whole address."""
    origin = box.ready["jira"].removesuffix("/jira")
    return requests.get(origin + path, headers=headers, timeout=10)
