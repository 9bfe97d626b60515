"""Whether a request stays inside what IT approved once: modules, limits, sensitivity, verdict, variant."""
