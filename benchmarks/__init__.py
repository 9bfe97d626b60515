"""Ratios, measured side by side in one run: `make bench`. Timings are never asserted in tests."""
