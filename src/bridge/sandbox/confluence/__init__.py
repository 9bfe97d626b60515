"""Confluence as the sandbox imitates it: storage format, pages and what hangs on them, its REST interface."""
