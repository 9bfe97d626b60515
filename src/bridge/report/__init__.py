"""Schedules, plans and results as terminal text and as JSON."""
