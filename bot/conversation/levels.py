"""From fine to coarse: in which order routes are asked."""

from enum import IntEnum


class Level(IntEnum):
    """The lower one is asked first."""

    ESCAPE = 0
    STATE = 1
    COMMAND = 2
    REPORT = 3
    QUESTION = 4
    REST = 5
