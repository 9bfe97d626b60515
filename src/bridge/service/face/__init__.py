"""The web face: deliveries from Jira, health and figures, feeds."""
