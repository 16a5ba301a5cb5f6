"""How much is tried: little and the same each time in CI, much and ever new by `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
_TIMES = 100
"""How much more the long run tries."""


def examples(number: int) -> settings:
    """Return the budget of a test that tries `number` inputs in CI."""
    return settings(
        max_examples=number * _TIMES if LONG else number,
        derandomize=not LONG,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
