"""``python -m bridge`` and the commands ``bridge`` and ``campaign-bridge``."""

import gc
import sys

from bridge.cli.run import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A command lives for a moment: collecting while modules load costs 5 % of a short one.
    gc.set_threshold(100_000)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
