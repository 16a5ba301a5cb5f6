"""How long and how often to measure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """What every section goes by; `quick` only shows that a section works."""

    quick: bool
    seconds: float
    """Of one run."""
    rounds: int
    """In each of them every row is measured once."""


FULL = Pace(quick=False, seconds=2.0, rounds=3)
QUICK = Pace(quick=True, seconds=0.1, rounds=1)
