"""Stories in a real browser: a person acts only on Jira's and Confluence's pages."""
