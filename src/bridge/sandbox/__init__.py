"""A Jira and Confluence look-alike over real HTTP, Cloud or Data Center, on which people can edit.

One process, one port. As Cloud: Jira at ``/``, Confluence at ``/wiki``. As Data Center
(``Sandbox("datacenter")``): Jira 10.3 at ``/jira``, Confluence 10.0 at ``/confluence``, signed in to
with a personal access token (``Authorization: Bearer``), a user name and password, or a session; only
version 2 and version 1 of REST; people by user name and key; Epic Name and Epic Link; rich text kept
as it was sent. State lives in one SQLite file, or in
memory. It enforces what the real ones enforce (credentials, permissions per project and space,
required fields, screens, hierarchy, the limit of 50 issues per call with partial failures, bounded
JQL over an index that may lag, version conflicts, unique titles, well-formed storage format and its
rewriting on save) and breaks on demand (``Sandbox.faults``). It shares no code with the rest of
``bridge``, because the rest is tested against it.

    with Sandbox() as box:
        requests.get(box.ready["jira"] + "/rest/api/3/myself", auth=(box.ready["email"], box.ready["token"]))
    with Sandbox("datacenter") as box:
        headers = {"Authorization": "Bearer " + box.ready["token"]}
        requests.get(box.ready["jira"] + "/rest/api/2/myself", headers=headers)

Not imitated; such paths answer 404, as an unknown path does on the real site:

- Jira: attachments, worklogs, votes, components and versions (the fields exist
  and are empty), comment properties, boards and sprints (``/rest/agile``), dashboards, filters,
  webhooks, bulk operations in the background (``/bulk/issues/*``), administration over REST (issue
  types, priorities, fields, users: arrange them through ``Sandbox.site``), JQL history operators
  (``was``, ``changed``), ``permissions/check``, rate limits unless a fault is set.
- Confluence: attachments (the lists are empty, uploading answers 404), blog posts, whiteboards,
  databases, folders, drafts, ``atlas_doc_format`` bodies, content conversion, watching, groups,
  likes, moving and archiving over REST.
- Data Center: ``/rest/agile`` beyond an epic and its issues, the CAPTCHA itself (after three wrong
  passwords the answer says that one would be asked; the right password is still taken), creating
  personal access tokens over REST, user and project administration, the pickers, comment properties,
  ``/rest/experimental``, content scans, conversion of bodies, deleting versions, watchers of pages,
  changing and deleting comments on pages, long tasks; the check of browsers' requests for
  ``X-Atlassian-Token``; group and role visibility.
- Both: OAuth, scoped tokens, CAPTCHA, mails. ``notifyUsers`` and ``minorEdit`` are checked and
  recorded, nobody is written to.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.sandbox.server import Sandbox, serve

__all__ = ["Sandbox", "serve"]


def __getattr__(name: str) -> object:
    """Import the server, and with it Flask and lxml, only when a sandbox is really wanted."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bridge.sandbox import server  # noqa: PLC0415  # the point of this function

    return getattr(server, name)
