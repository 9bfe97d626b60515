"""The gateway to Jira and Confluence: pure wire knowledge, a retry policy, and a few lines that send."""
