"""A small HTTP client for the tests of the sandbox."""

from typing import Any, Self

import requests

from bridge.sandbox import Sandbox


class Client:
    """``jira("GET", "issue/MKT-1")`` and ``wiki("GET", "pages/1")``; credentials may be absent."""

    def __init__(self, address: str, auth: tuple[str, str] | None) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth

    @classmethod
    def of(cls, box: Sandbox, who: str | None = None) -> Self:
        """The service account, or another person with a token made for the occasion."""
        if who is None:
            return cls(box.ready["jira"], (box.ready["email"], box.ready["token"]))
        person = box.site.people.find(who)
        return cls(box.ready["jira"], (person.email, box.site.people.issue_token(person)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Any path of the site; ``body`` is sent as JSON."""
        if body is not None:
            more["json"] = body
        return self.session.request(
            method, self.address + path, timeout=10, allow_redirects=False, **more
        )

    def jira(
        self, method: str, path: str, body: Any = None, api: int = 3, **more: Any
    ) -> requests.Response:
        """A path below ``/rest/api/3`` (or 2)."""
        return self.call(method, f"/rest/api/{api}/{path}", body, **more)

    def wiki(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path below ``/wiki/api/v2``."""
        return self.call(method, f"/wiki/api/v2/{path}", body, **more)

    def old_wiki(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path below ``/wiki/rest/api``."""
        return self.call(method, f"/wiki/rest/api/{path}", body, **more)

    def create(self, project: str = "MKT", kind: str = "Task", **fields: Any) -> str:
        """Create an issue and return its key."""
        given = {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "x", **fields}
        made = self.jira("POST", "issue", {"fields": given})
        assert made.status_code == 201, made.text
        return str(made.json()["key"])

    def fields(self, key: str, *names: str) -> dict[str, Any]:
        """The fields of an issue."""
        found = self.jira("GET", f"issue/{key}", params={"fields": ",".join(names)})
        assert found.status_code == 200, found.text
        return dict(found.json()["fields"])

    def found(self, jql: str, **more: Any) -> list[str]:
        """The keys that a search finds, page after page."""
        keys: list[str] = []
        token = None
        while True:
            asked = {"jql": jql, "fields": ["key"], **more}
            page = self.jira(
                "POST", "search/jql", {**asked, **({"nextPageToken": token} if token else {})}
            )
            assert page.status_code == 200, page.text
            keys += [issue["key"] for issue in page.json()["issues"]]
            token = page.json().get("nextPageToken")
            assert page.json()["isLast"] == (token is None)
            if token is None:
                return keys

    def space_id(self, key: str = "MKT") -> str:
        """The id of a space."""
        return str(self.wiki("GET", "spaces", params={"keys": key}).json()["results"][0]["id"])

    def publish(self, title: str, markup: str = "<p>x</p>", **more: Any) -> dict[str, Any]:
        """Publish a page in MKT."""
        sent = {
            "spaceId": self.space_id(),
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": markup},
        }
        made = self.wiki("POST", "pages", {**sent, **more})
        assert made.status_code == 200, made.text
        return dict(made.json())

    def save(
        self, page: dict[str, Any], markup: str, number: int | None = None, **more: Any
    ) -> requests.Response:
        """Save a page against a version."""
        sent = {
            "id": page["id"],
            "status": "current",
            "title": page["title"],
            "body": {"representation": "storage", "value": markup},
            "version": {"number": number or page["version"]["number"] + 1},
        }
        return self.wiki("PUT", f"pages/{page['id']}", {**sent, **more})

    def body_of(self, page_id: str) -> str:
        """A page's body in storage format."""
        found = self.wiki("GET", f"pages/{page_id}", params={"body-format": "storage"})
        assert found.status_code == 200, found.text
        return str(found.json()["body"]["storage"]["value"])


def adf(text: str) -> dict[str, Any]:
    """A document of one paragraph."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def errors(response: requests.Response) -> dict[str, str]:
    """The errors by field of a refusal in Jira's shape."""
    assert set(response.json()) == {"errorMessages", "errors"}
    return dict(response.json()["errors"])


def message(response: requests.Response) -> str:
    """The one sentence of a refusal in Jira's shape."""
    (only,) = response.json()["errorMessages"]
    return str(only)


def wiki_error(response: requests.Response) -> dict[str, Any]:
    """The one error of a refusal in Confluence's shape."""
    (only,) = response.json()["errors"]
    assert set(only) == {"status", "code", "title", "detail"}
    assert only["status"] == response.status_code
    return dict(only)
