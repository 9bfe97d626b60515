"""Rich text as values: Atlassian Document Format, wiki markup, and the ways between them and HTML."""
