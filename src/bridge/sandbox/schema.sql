-- The sandbox's store. Settings that people make (users, projects, fields, spaces) are JSON documents;
-- what grows without bound has tables of its own. Times are ISO text in UTC, which sorts as time does.

create table if not exists meta (name text primary key, value text not null) without rowid;
create table if not exists sequence (name text primary key, next integer not null) without rowid;
create table if not exists document (
    kind text not null, id text not null, body text not null, primary key (kind, id));
create table if not exists token (digest text primary key, account text not null) without rowid;
create table if not exists token_bound (digest text primary key, scopes text, expires text) without rowid;
create table if not exists password (account text primary key, digest text not null) without rowid;

-- Jira: what is true.
create table if not exists issue (
    id integer primary key, key text not null unique collate nocase, project text not null,
    parent integer, body text not null);
create index if not exists issue_of_parent on issue (parent) where parent is not null;
create index if not exists issue_of_project on issue (project, id);
create index if not exists issue_of_type on issue (json_extract(body, '$.type'), id);
create table if not exists history (
    id integer primary key, issue integer not null, author text not null, created text not null, items text not null);
create index if not exists history_of_issue on history (issue, id);
create table if not exists comment (
    id integer primary key, issue integer not null, author text not null, update_author text not null,
    created text not null, updated text not null, body text not null);
create index if not exists comment_of_issue on comment (issue, id);
create table if not exists property (
    issue integer not null, name text not null, value text not null, primary key (issue, name)) without rowid;
create table if not exists watcher (
    issue integer not null, account text not null, primary key (issue, account)) without rowid;
create table if not exists link (
    id integer primary key, type text not null, source integer not null, target integer not null,
    unique (type, source, target));
create index if not exists link_of_source on link (source);
create index if not exists link_of_target on link (target);
create table if not exists remote_link (
    id integer primary key, issue integer not null, global_id text, body text not null);
create index if not exists remote_link_of_issue on remote_link (issue);

-- Jira: what search believes. It may lag behind the above.
create table if not exists found (
    id integer primary key, project text not null, number integer not null, type text not null, status text not null,
    category text not null, priority integer, assignee text, reporter text, creator text, summary text not null,
    summary_words text not null, description_words text, duedate text, created text not null, updated text not null,
    resolution text, resolved text, parent integer, level text);
create index if not exists found_project on found (project, number);
create index if not exists found_parent on found (parent) where parent is not null;
create index if not exists found_duedate on found (duedate) where duedate is not null;
create index if not exists found_updated on found (updated);
create index if not exists found_created on found (created);
create index if not exists found_assignee on found (assignee) where assignee is not null;
create table if not exists found_label (
    label text not null collate nocase, issue integer not null, primary key (label, issue)) without rowid;
create index if not exists found_label_of_issue on found_label (issue);
create table if not exists found_value (
    field text not null, value, issue integer not null, words text, primary key (field, value, issue)) without rowid;
create index if not exists found_value_of_issue on found_value (issue);
create table if not exists found_link (
    issue integer not null, other integer not null, phrase text not null collate nocase,
    primary key (issue, other, phrase)) without rowid;
create index if not exists found_link_of_other on found_link (other);
create table if not exists catching_up (
    seq integer primary key, issue integer not null, after_request integer not null, after_time text not null,
    entry text);
create index if not exists catching_up_of_issue on catching_up (issue);
create table if not exists still_shown (issue integer primary key, body text);

-- Confluence.
create table if not exists page (
    id integer primary key, space text not null, parent integer, position integer, status text not null,
    title text not null, title_key text not null, author text not null, owner text not null, created text not null,
    version integer not null);
create index if not exists page_title on page (space, title_key);
create index if not exists page_of_parent on page (parent, position);
create table if not exists page_version (
    page integer not null, number integer not null, title text not null, body text not null, author text not null,
    created text not null, message text not null, minor integer not null, primary key (page, number)) without rowid;
create table if not exists page_property (
    id integer primary key, container text not null, owner integer not null, name text not null, value text not null,
    version integer not null, author text not null, created text not null, message text not null,
    unique (container, owner, name));
create table if not exists label (id integer primary key, prefix text not null, name text not null, unique (prefix, name));
create table if not exists page_label (
    page integer not null, label integer not null, primary key (page, label)) without rowid;
create index if not exists page_label_of_label on page_label (label);
create table if not exists page_comment (
    id integer primary key, page integer not null, kind text not null, parent integer, body text not null,
    author text not null, created text not null, updated text not null, version integer not null,
    status text not null, resolution text not null, marker text, selection text);
create index if not exists page_comment_of_page on page_comment (page);
create table if not exists task (
    id integer primary key, page integer not null, local_id text not null, uuid text not null, body text not null,
    status text not null, author text not null, assignee text, due text, created text not null, updated text not null,
    completed text, completed_by text, unique (page, local_id));
create table if not exists restriction (
    page integer not null, operation text not null, account text not null,
    primary key (page, operation, account)) without rowid;

-- Webhooks on their way.
create table if not exists delivery (
    id integer primary key, webhook integer not null, identifier text not null, event text not null,
    subject text not null, url text not null, body blob not null, created text not null, state text not null,
    attempts integer not null, status integer not null);
create index if not exists delivery_waiting on delivery (id) where state = 'waiting';

-- Attachments, of issues and of pages.
create table if not exists attachment (
    id integer primary key, issue integer not null, filename text not null, author text not null,
    created text not null, media text not null, size integer not null, content blob not null);
create index if not exists attachment_of_issue on attachment (issue);
create table if not exists page_file (
    id integer primary key, page integer not null, title text not null, status text not null,
    created text not null, version integer not null);
create index if not exists page_file_of_page on page_file (page);
create table if not exists page_file_version (
    file integer not null, number integer not null, media text not null, size integer not null,
    comment text not null, author text not null, created text not null, minor integer not null,
    content blob not null, primary key (file, number));
