"""The engine on a store: what is kept, what runs, who is at work."""
