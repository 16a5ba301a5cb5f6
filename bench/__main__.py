"""`make bench`: measures, prints, and writes each section's part of docs/benchmarks.md."""

import argparse
import importlib
import time

from bench import document
from bench.pace import FULL, QUICK, Pace

SECTIONS = ("callbacks", "drain", "fanout", "growth")
"""Modules of this package, each with `section(pace: Pace) -> str`, in the order of the page."""


def main() -> None:
    """Run the sections; with --quick only to see that they work, without writing anything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: nothing is written")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    given = parser.parse_args()
    unknown = [name for name in given.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    names = given.sections or SECTIONS
    for name in names:
        document.check_marks(name)
    for name in names:
        _run(name, QUICK if given.quick else FULL)


def _run(name: str, pace: Pace) -> None:
    started = time.monotonic()
    measured: str = importlib.import_module(f"bench.{name}").section(pace)
    text = f"{document.machine()}\n{measured}"
    print(text, flush=True)
    if not pace.quick:
        document.write(name, text)
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
