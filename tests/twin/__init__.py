"""Jira and Confluence in plain dictionaries, behind the ports: for tests of verbs without a network.

The contract tests hold them to what the sandbox and the real sites do.
"""
