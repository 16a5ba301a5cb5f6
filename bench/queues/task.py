"""The one task that all queues do."""

import os
import sys

WIDTH = 9
"""Bytes of a line."""
_GIVEN = sys.argv[1:] if sys.argv[1:2] in (["put"], ["work"]) else os.environ["BENCH"].split("\n")
MODE, PLACE, COUNT, FILE = _GIVEN
_FILE = os.open(FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def send(number: int) -> None:
    """Do task `number`."""
    os.write(_FILE, b"%08d\n" % number)
