"""A Jira and Confluence bridge between marketing and IT in online shops."""

__version__ = "0.1.0"
