"""Retroplanning: one launch date in, every start and due date out (``retroplanning.md``)."""
