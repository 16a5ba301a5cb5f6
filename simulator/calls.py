"""The log of API calls: what the bot asked, and what it was told."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 2000
"""How many calls are kept in full; the counters go on for ever."""


@dataclass(frozen=True)
class ApiCall:
    """One call. `outcome` is the errcode, or what became of the answer (`http 500`, `lost`)."""

    number: int
    at: str
    endpoint: str
    outcome: str
    body: dict[str, Any]


class Calls:
    """The newest calls, and counts of all by endpoint and outcome."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: deque[ApiCall] = deque(maxlen=KEPT)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._number = 0

    def add(self, at: str, endpoint: str, outcome: str, body: dict[str, Any]) -> None:
        """Write one call down."""
        with self._lock:
            self._number += 1
            self._newest.append(ApiCall(self._number, at, endpoint, outcome, body))
            self._counts[endpoint, outcome] += 1

    def of(self, endpoint: str = "") -> list[ApiCall]:
        """Return the newest calls, oldest first; of one endpoint if named."""
        with self._lock:
            return [call for call in self._newest if endpoint in {"", call.endpoint}]

    def count(self, endpoint: str, outcome: str = "") -> int:
        """Return how often an endpoint was called; with one outcome if named."""
        with self._lock:
            return sum(
                count
                for (name, result), count in self._counts.items()
                if name == endpoint and outcome in {"", result}
            )

    def as_json(self) -> dict[str, Any]:
        """Return counts and the newest calls."""
        with self._lock:
            counts: dict[str, dict[str, int]] = {}
            for (endpoint, outcome), count in self._counts.items():
                counts.setdefault(endpoint, {})[outcome] = count
            return {"counts": counts, "calls": [asdict(call) for call in self._newest]}
