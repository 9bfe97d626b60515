"""A person with a browser: reads and changes what stands on Jira's and Confluence's pages, nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page

DESCRIPTION = "textarea[name=description]"


@dataclass
class Person:
    """One person; ``page`` is what their browser shows, ``site`` where the site begins."""

    page: Page
    site: str
    name: str

    def sign_in(self) -> None:
        """Choose who one is; the sandbox asks for no password."""
        self.page.goto(self.site)
        if self.name not in self.page.locator("h1").inner_text():
            with self.page.expect_navigation():
                self.page.select_option("select[name=person]", label=self.name)
        assert self.name in self.page.locator("h1").inner_text()

    # --- in Jira ---------------------------------------------------------------------------------

    def create(
        self,
        project: str,
        kind: str,
        title: str,
        *,
        due: date | None = None,
        owner: str = "",
        labels: str = "",
        description: str = "",
    ) -> str:
        """Fill in Jira's form for a new issue and return its key."""
        self.page.goto(f"{self.site}/jira/projects/{project}/board")
        self.page.click(".head a.button")
        self.page.select_option("select[name=type]", label=kind)
        self.page.fill("input[name=summary]", title)
        self.page.fill("input[name=labels]", labels)
        self.page.fill(DESCRIPTION, description)
        if due is not None:
            self.page.fill("input[name=duedate]", due.isoformat())
        if owner:
            self.page.select_option("select[name=owner]", label=owner)
        self._send(self.page.locator("main form.sheet button"))
        return self.page.url.rpartition("/")[2]

    def read(self, key: str) -> str:
        """Return what one reads on an issue's page."""
        self._open(key)
        return self.page.locator("main").inner_text()

    def comments(self, key: str) -> list[str]:
        """Return an issue's comments, the oldest first."""
        self._open(key)
        return self.page.locator("article.remark .prose").all_inner_texts()

    def links(self, key: str) -> list[str]:
        """Return the keys of the issues that an issue is linked with."""
        self._open(key)
        return self.page.locator("ul.linked .key").all_inner_texts()

    def actions(self, key: str) -> Mapping[str, str]:
        """Return the row of each issue below an epic, by its key."""
        self._open(key)
        rows = self.page.locator("table.grid tbody tr")
        return {row.locator(".key").inner_text(): row.inner_text() for row in rows.all()}

    def labels(self, key: str) -> list[str]:
        """Return an issue's labels."""
        self._open(key)
        return self.page.locator("aside .labels li").all_inner_texts()

    def say(self, key: str, words: str) -> None:
        """Comment an issue."""
        self._open(key)
        self.page.fill("textarea[name=text]", words)
        self._send(self.page.locator("form.remark button"))

    def fill_in(self, key: str, answers: Mapping[str, str]) -> None:
        """Write an answer behind each of some lines of a description; the line begins as the name says."""
        self._open(key)
        self.page.locator("details.change", has=self.page.locator(DESCRIPTION)).click()
        lines = self.page.input_value(DESCRIPTION).split("\n")
        for name, answer in answers.items():
            (at,) = (n for n, line in enumerate(lines) if _plain(line).startswith(name))
            lines[at] = f"{lines[at].rstrip()} {answer}"
        self.page.fill(DESCRIPTION, "\n".join(lines))
        self._send(self.page.locator("form.sheet button"))

    def describe(self, key: str, text: str) -> None:
        """Write an issue's description anew."""
        self._open(key)
        self.page.locator("details.change", has=self.page.locator(DESCRIPTION)).click()
        self.page.fill(DESCRIPTION, text)
        self._send(self.page.locator("form.sheet button"))

    def set_due(self, key: str, day: date) -> None:
        """Change the due date of an issue."""
        self._open(key)
        field = self.page.locator("input[name=duedate]")
        field.fill(day.isoformat())
        with self.page.expect_navigation():
            field.press("Enter")

    def relabel(self, key: str, labels: str) -> None:
        """Write the labels of an issue anew, with blanks between them."""
        self._open(key)
        self.page.locator("aside details.change").click()
        self.page.fill("input[name=labels]", labels)
        self._send(self.page.locator("aside details.change button"))

    def move(self, key: str, step: str) -> None:
        """Take a step of an issue's workflow."""
        self._open(key)
        with self.page.expect_navigation():
            self.page.select_option("select[name=step]", label=step)

    def delete(self, key: str) -> None:
        """Delete an issue for good."""
        self._open(key)
        self.page.locator("details.danger").click()
        self._send(self.page.locator("button.danger"))

    # --- in Confluence ---------------------------------------------------------------------------

    def open_page(self, space: str, title: str) -> None:
        """Look for a page in the tree of its space and open it."""
        self.page.goto(f"{self.site}/wiki/spaces/{space}")
        self.page.get_by_label(re.compile("^Pages$")).get_by_role("link", name=title).click()

    def read_page(self) -> str:
        """Return what one reads on the open page, as it stands now."""
        self.page.reload()
        return self.page.locator("article").inner_text()

    def rows(self, heading: str) -> list[list[str]]:
        """Return the rows of the first table below a heading of the open page, without its head."""
        table = self.page.locator(f"//h2[.='{heading}']/following::table[1]")
        rows = [row.locator("td").all_inner_texts() for row in table.locator("tr").all()]
        return [row for row in rows if row]

    def version(self) -> int:
        """Return the version of the open page."""
        return int(self.page.locator("main.document").get_attribute("data-version") or 0)

    def write(self, before: str, after: str) -> None:
        """Change one paragraph or cell of the open page in place."""
        self.page.locator("[data-edit]").get_by_text(before, exact=True).click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(after)
        with self.page.expect_response(re.compile("/inline$")) as answered:
            self.page.keyboard.press("Enter")
        assert answered.value.ok

    def rewrite(self, pattern: str, words: str) -> None:
        """Change the source of the open page: what fits a pattern, once."""
        self.page.locator("nav.actions a").first.click()
        body, times = re.subn(pattern, words, self.page.input_value("textarea[name=body]"))
        assert times == 1, f"{pattern!r} stands there {times} times"
        self.page.fill("textarea[name=body]", body)
        self._send(self.page.locator("main form.sheet button"))

    # --- keeping ---------------------------------------------------------------------------------

    def picture(self, part: str, path: Path) -> None:
        """Keep a picture of a part of what the browser shows, without the bar that stays on top."""
        whole = ".top { position: static }"
        self.page.locator(part).first.screenshot(path=path, style=whole)

    def _open(self, key: str) -> None:
        self.page.goto(f"{self.site}/browse/{key}")
        assert self.page.locator("nav.crumbs").inner_text().endswith(key), (
            f"{key} is not to be seen"
        )

    def _send(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()


def _plain(line: str) -> str:
    """Return a line as one reads it: no marks before it, plain blanks."""
    return line.replace("\u00a0", " ").replace("\u202f", " ").lstrip("*_ ")
