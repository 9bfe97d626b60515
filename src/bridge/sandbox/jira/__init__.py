"""Jira as the sandbox imitates it: what it knows, its rules, and its REST interface."""
