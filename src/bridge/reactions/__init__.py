"""What the bridge does when something changed in Jira or Confluence: small reactions, one table."""
