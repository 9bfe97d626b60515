"""The service: changes in Jira and on pages are found and reacted to, with nobody at a terminal."""
