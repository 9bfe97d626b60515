"""Run every benchmark and print its figures."""

import sys

from benchmarks import creation, guardrails, month, moved, sandbox, schedules, service, startup

SUBJECTS = {
    "startup": startup,
    "schedules": schedules,
    "creation": creation,
    "month": month,
    "guardrails": guardrails,
    "sandbox": sandbox,
    "service": service,
    "moved": moved,
}


def main() -> None:
    """Run the benchmarks named on the command line, all of them by default."""
    for name in sys.argv[1:] or SUBJECTS:
        print(f"\n{name}: {(SUBJECTS[name].__doc__ or '').strip().splitlines()[0]}")
        for line in SUBJECTS[name].measure():
            print(f"  {line}")


if __name__ == "__main__":
    main()
