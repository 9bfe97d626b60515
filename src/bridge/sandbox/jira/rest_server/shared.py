"""The operations that both flavours have: Cloud's views, registered a second time."""

from collections.abc import Callable
from typing import Any

from bridge.sandbox.jira.rest import attached, catalogue, editing, files, issues, projects
from bridge.sandbox.jira.rest_server.routes import api

_COMMENT = "/issue/<key>/comment"
_PROPERTY = "/issue/<key>/properties/<path:name>"
_SHARED: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/configuration", catalogue.configuration),
    ("GET", "/field", catalogue.fields),
    ("GET", "/priority", catalogue.priorities),
    ("GET", "/status", catalogue.statuses),
    ("GET", "/status/<id_or_name>", catalogue.status),
    ("GET", "/statuscategory", catalogue.status_categories),
    ("GET", "/issuetype", catalogue.issue_types),
    ("GET", "/issueLinkType", catalogue.link_types),
    ("GET", "/issueLinkType/<type_id>", catalogue.link_type),
    ("GET", "/permissions", catalogue.all_permissions),
    ("GET", "/project", projects.projects),
    ("GET", "/project/<key>", projects.project),
    ("GET", "/project/<key>/statuses", projects.project_statuses),
    ("GET", "/project/<key>/components", projects.none_of_these),
    ("GET", "/project/<key>/versions", projects.none_of_these),
    ("GET", "/issue/<key>", issues.get_issue),
    ("GET", "/issue/<key>/editmeta", issues.editmeta),
    ("GET", "/issue/<key>/transitions", issues.transitions),
    ("POST", "/issue", editing.create_issue),
    ("POST", "/issue/bulk", editing.create_issues),
    ("PUT", "/issue/<key>", editing.edit_issue),
    ("DELETE", "/issue/<key>", editing.delete_issue),
    ("POST", "/issue/<key>/transitions", editing.transition),
    ("POST", "/issueLink", editing.link_issues),
    ("GET", "/issueLink/<int:link_id>", editing.get_link),
    ("DELETE", "/issueLink/<int:link_id>", editing.delete_link),
    ("GET", _COMMENT, attached.comments),
    ("POST", _COMMENT, attached.add_comment),
    ("GET", f"{_COMMENT}/<int:comment_id>", attached.comment),
    ("PUT", f"{_COMMENT}/<int:comment_id>", attached.change_comment),
    ("DELETE", f"{_COMMENT}/<int:comment_id>", attached.delete_comment),
    ("GET", "/issue/<key>/properties", attached.property_keys),
    ("GET", _PROPERTY, attached.get_property),
    ("PUT", _PROPERTY, attached.put_property),
    ("DELETE", _PROPERTY, attached.delete_property),
    ("GET", "/issue/<key>/watchers", attached.watchers),
    ("POST", "/issue/<key>/attachments", files.attach),
    ("GET", "/attachment/meta", files.attachment_settings),
    ("GET", "/attachment/<int:attachment_id>", files.attachment),
    ("DELETE", "/attachment/<int:attachment_id>", files.delete_attachment),
    ("GET", "/issue/<key>/remotelink", attached.remote_links),
    ("DELETE", "/issue/<key>/remotelink", attached.delete_remote_link),
)

for _method, _rule, _view in _SHARED:
    api.add_url_rule(_rule, f"{_method} {_rule}".replace(".", "-"), _view, methods=[_method])
