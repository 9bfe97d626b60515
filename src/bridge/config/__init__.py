"""YAML in, typed values out; every problem at once, with file, line and column."""
