"""What a new Jira site contains before anybody has changed anything, in English or French."""

from dataclasses import replace

from bridge.sandbox.flavour import CLOUD, Flavour
from bridge.sandbox.jira.kinds import Field, IssueType, LinkType, Priority, Resolution, Status

_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"
START_DATE = CLOUD.start_date

CUSTOM_TYPES = {
    "date": ("date", None, _CUSTOM + "datepicker"),
    "datetime": ("datetime", None, _CUSTOM + "datetime"),
    "text": ("string", None, _CUSTOM + "textfield"),
    "richtext": ("string", None, _CUSTOM + "textarea"),
    "number": ("number", None, _CUSTOM + "float"),
    "option": ("option", None, _CUSTOM + "select"),
    "options": ("array", "option", _CUSTOM + "multiselect"),
    "user": ("user", None, _CUSTOM + "userpicker"),
    "labels": ("array", "string", _CUSTOM + "labels"),
    "url": ("string", None, _CUSTOM + "url"),
}
"""Kind of custom field to (schema type, items, ``schema.custom``)."""

_FRENCH = {
    "Epic": "Epic",
    "Story": "Récit",
    "Task": "Tâche",
    "Sub-task": "Sous-tâche",
    "Bug": "Bogue",
    "To Do": "À faire",
    "In Progress": "En cours",
    "Blocked": "Bloqué",
    "Done": "Terminé",
    "Highest": "La plus haute",
    "High": "Haute",
    "Medium": "Moyenne",
    "Low": "Basse",
    "Lowest": "La plus basse",
    "Blocks": "Blocage",
    "is blocked by": "est bloqué par",
    "blocks": "bloque",
    "Relates": "Relation",
    "relates to": "est lié à",
    "Cloners": "Clonage",
    "is cloned by": "est cloné par",
    "clones": "clone",
    "Duplicate": "Doublon",
    "is duplicated by": "est dupliqué par",
    "duplicates": "duplique",
    "Summary": "Résumé",
    "Issue Type": "Type de ticket",
    "Project": "Projet",
    "Status": "État",
    "Priority": "Priorité",
    "Assignee": "Personne assignée",
    "Reporter": "Rapporteur",
    "Creator": "Créateur",
    "Labels": "Étiquettes",
    "Description": "Description",
    "Environment": "Environnement",
    "Due date": "Date d'échéance",
    "Start date": "Date de début",
    "Created": "Création",
    "Updated": "Mise à jour",
    "Resolution": "Résolution",
    "Resolved": "Résolu",
    "Linked Issues": "Tickets liés",
    "Security Level": "Niveau de sécurité",
    "Comment": "Commentaire",
    "Sub-tasks": "Sous-tâches",
    "Key": "Clé",
    "This issue": "Ce ticket",
}


def named(name: str, language: str) -> str:
    """Return a name of the default set-up in the site's language (``en`` or ``fr``)."""
    return _FRENCH.get(name, name) if language == "fr" else name


START_DATE_NAMES = ("Start date", named("Start date", "fr"))


def issue_types(language: str) -> list[IssueType]:
    """Return the site-wide issue types."""
    rows = [
        ("10000", "Epic", 1, "A large piece of work that gathers many tasks."),
        ("10001", "Story", 0, "Something a user needs."),
        ("10002", "Task", 0, "A small, distinct piece of work."),
        ("10003", "Sub-task", -1, "A part of a bigger task."),
        ("10004", "Bug", 0, "A problem or an error."),
    ]
    return [IssueType(i, named(name, language), level, text) for i, name, level, text in rows]


def statuses(language: str) -> list[Status]:
    """Return the site-wide statuses."""
    rows = [("10000", "To Do", "new"), ("3", "In Progress", "indeterminate")]
    rows += [("10002", "Blocked", "indeterminate"), ("10001", "Done", "done")]
    return [Status(i, named(name, language), category) for i, name, category in rows]


def priorities(language: str) -> list[Priority]:
    """Return the five priorities, most urgent first."""
    rows = [
        ("1", "Highest", "#d04437", "This problem will block progress."),
        ("2", "High", "#f15C75", "Serious problem that could block progress."),
        ("3", "Medium", "#f79232", "Has the potential to affect progress."),
        ("4", "Low", "#707070", "Minor problem or easily worked around."),
        ("5", "Lowest", "#999999", "Trivial problem with little or no impact on progress."),
    ]
    return [Priority(i, named(name, language), colour, text) for i, name, colour, text in rows]


def resolutions(language: str) -> list[Resolution]:
    """Return the one resolution that finishing sets."""
    return [Resolution("10000", named("Done", language))]


def link_types(language: str) -> list[LinkType]:
    """Return the four link types of a new site."""
    rows = [
        ("10000", "Blocks", "is blocked by", "blocks"),
        ("10001", "Cloners", "is cloned by", "clones"),
        ("10002", "Duplicate", "is duplicated by", "duplicates"),
        ("10003", "Relates", "relates to", "relates to"),
    ]
    return [LinkType(i, *(named(text, language) for text in texts)) for i, *texts in rows]


# id, English name, type in the schema, how it is read, items of a list, names in JQL
_SYSTEM_FIELDS: tuple[tuple[str, str, str, str, str | None, list[str] | None], ...] = (
    ("summary", "Summary", "string", "summary", None, None),
    ("issuetype", "Issue Type", "issuetype", "issuetype", None, ["issuetype", "type"]),
    ("parent", "Parent", "issuelink", "parent", None, None),
    ("project", "Project", "project", "project", None, None),
    ("description", "Description", "string", "richtext", None, None),
    ("environment", "Environment", "string", "richtext", None, None),
    ("status", "Status", "status", "readonly", None, None),
    ("statusCategory", "Status Category", "statusCategory", "readonly", None, None),
    ("statuscategorychangedate", "Status Category Changed", "datetime", "readonly", None, None),
    ("priority", "Priority", "priority", "priority", None, None),
    ("assignee", "Assignee", "user", "user", None, None),
    ("reporter", "Reporter", "user", "user", None, None),
    ("creator", "Creator", "user", "readonly", None, None),
    ("labels", "Labels", "array", "labels", "string", None),
    ("duedate", "Due date", "date", "date", None, ["due", "duedate"]),
    ("created", "Created", "datetime", "readonly", None, ["created", "createdDate"]),
    ("updated", "Updated", "datetime", "readonly", None, ["updated", "updatedDate"]),
    ("resolution", "Resolution", "resolution", "readonly", None, None),
    ("resolutiondate", "Resolved", "datetime", "readonly", None, ["resolutiondate", "resolved"]),
    ("security", "Security Level", "securitylevel", "security", None, ["level"]),
    ("issuelinks", "Linked Issues", "array", "links", "issuelinks", ["issueLink"]),
    ("subtasks", "Sub-tasks", "array", "readonly", "issuelinks", ["subtasks"]),
    ("comment", "Comment", "comments-page", "comment", None, None),
    ("attachment", "Attachment", "array", "readonly", "attachment", ["attachments"]),
    ("components", "Components", "array", "none", "component", ["component"]),
    ("fixVersions", "Fix versions", "array", "none", "version", ["fixVersion"]),
    ("versions", "Affects versions", "array", "none", "version", ["affectedVersion"]),
    ("watches", "Watchers", "watches", "readonly", None, ["watchers"]),
    ("votes", "Votes", "votes", "readonly", None, None),
)


_ONLY_IN_CLOUD = ("statusCategory", "statuscategorychangedate")


def fields(language: str, flavour: Flavour = CLOUD, *, start_date: bool = True) -> list[Field]:
    """Return the fields of a new site: the system's, then the custom ones."""
    system = [
        _system(field_id, name, kind, reading, items=items, clauses=clauses)
        for field_id, name, kind, reading, items, clauses in _SYSTEM_FIELDS
        if not (flavour.server and field_id in _ONLY_IN_CLOUD)
    ]
    # In Cloud the two fields of epics are there to be looked at only: ``parent`` took their place.
    name_kind, link_kind = ("text", "epic-link") if flavour.server else ("readonly", "readonly")
    custom = [
        _epic_field(flavour.epic_name, "Epic Name", "string", "gh-epic-label", name_kind),
        _epic_field(flavour.epic_link, "Epic Link", "any", "gh-epic-link", link_kind),
    ]
    if start_date:
        custom.append(custom_field(flavour.start_date, "Start date", "date"))
    return [_translated(f, language) for f in (*system, *custom)]


def custom_field(field_id: str, name: str, kind: str, options: tuple[str, ...] = ()) -> Field:
    """Return a custom field of one of :data:`CUSTOM_TYPES`; option ids follow from the field's number."""
    type_, items, custom = CUSTOM_TYPES[kind]
    number = int(field_id.removeprefix("customfield_"))
    chosen = [{"id": str(number * 10 + n), "value": value} for n, value in enumerate(options)]
    clauses = [f"cf[{number}]", name]
    shown_kind = "text" if kind == "url" else kind
    return Field(field_id, name, type_, shown_kind, items, custom, clauses, chosen)


def _system(
    field_id: str,
    name: str,
    type_: str,
    kind: str,
    *,
    items: str | None = None,
    clauses: list[str] | None = None,
) -> Field:
    return Field(
        field_id,
        name,
        type_,
        kind,
        items,
        clauses=clauses or [field_id],
        orderable=kind != "readonly",
    )


def _epic_field(field_id: str, name: str, type_: str, custom: str, kind: str) -> Field:
    clauses = [f"cf[{field_id.removeprefix('customfield_')}]", name]
    return Field(
        field_id,
        name,
        type_,
        kind,
        custom=f"com.pyxis.greenhopper.jira:{custom}",
        clauses=clauses,
    )


def _translated(item: Field, language: str) -> Field:
    name = named(item.name, language)
    clauses = list(dict.fromkeys([*item.clauses, name])) if item.custom else item.clauses
    return replace(item, name=name, clauses=clauses)
