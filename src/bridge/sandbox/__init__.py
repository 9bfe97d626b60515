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

On demand it also limits rates (``Sandbox.limits``) and sends webhooks, late, twice or out of order
(``Sandbox.webhooks``); the gateway (``/ex/jira/{cloudId}``, ``/ex/confluence/{cloudId}``) takes tokens with
scopes and those of service accounts (``Sandbox.site.people.issue_token``).

    with Sandbox() as box:
        requests.get(box.ready["jira"] + "/rest/api/3/myself", auth=(box.ready["email"], box.ready["token"]))
    with Sandbox("datacenter") as box:
        headers = {"Authorization": "Bearer " + box.ready["token"]}
        requests.get(box.ready["jira"] + "/rest/api/2/myself", headers=headers)

Not imitated; such paths answer 404, as an unknown path does on the real site:

- Jira: worklogs, voting, components and versions (the fields exist and are empty), comment properties,
  bulk properties, the issue picker, boards and sprints (``/rest/agile``), dashboards, filters, groups
  and roles over REST, dynamic webhooks (``/rest/api/3/webhook``), bulk operations in the background
  (``/bulk/issues/*``), ``jql/autocompletedata``, administration over REST (issue types, priorities,
  fields, workflows, users: arrange them through ``Sandbox.site``). JQL does not search comments, and
  asks the history of status, assignee, reporter, priority and resolution only. Transitions never
  answer 422; 409 and 413 come as faults. Webhooks tell of issues and comments, not of links, sprints,
  worklogs or versions.
- Confluence: blog posts, whiteboards, databases, folders, drafts, ``atlas_doc_format`` bodies, content
  conversion, content states, thumbnails, labels on attachments, copying pages, moving them to another
  space, searching users by CQL, watching, groups, likes. Confluence's rate limits are taken to be Jira's.
- Data Center: ``/rest/agile`` beyond an epic and its issues, the CAPTCHA itself (after three wrong
  passwords the answer says that one would be asked; the right password is still taken), creating
  personal access tokens over REST, user and project administration, the pickers, comment properties,
  ``/rest/experimental``, content scans, conversion of bodies, deleting versions, watchers of pages,
  changing and deleting comments on pages, long tasks; the check of browsers' requests for
  ``X-Atlassian-Token``, except on uploads; group and role visibility; Confluence's webhooks.
- Both: the OAuth flow itself (a token is a bearer token at the gateway), CAPTCHA, mails.
  ``notifyUsers`` and ``minorEdit`` are checked and recorded, nobody is written to. Whether a classic
  token opens the gateway is nowhere documented: here it does.
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
