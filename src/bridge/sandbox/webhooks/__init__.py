"""Admin webhooks: who is told of what, with which body, and how deliveries are tried and tried again."""
