"""The verbs, each gather -> decide -> act, against the ports only."""
