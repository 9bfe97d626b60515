"""What the developers of this repository run; nothing here is shipped."""
