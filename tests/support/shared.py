"""Where the material beside the checkout is; tests that need it skip when it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


def shared(name: str) -> Path:
    """Return the path of a file beside the checkout, or skip the test."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not beside this checkout")
    return path
