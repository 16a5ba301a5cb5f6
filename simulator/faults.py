"""Faults that WeCom's API is told to show: error codes, broken and lost answers, delays."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

EVERY = "*"
"""The endpoint of a fault that meets every call."""


class FaultError(Exception):
    """A fault that cannot be understood; the message is one Chinese sentence."""


class Effect(StrEnum):
    """What goes wrong. `value` of the fault says how."""

    ERRCODE = "errcode"
    """Not carried out; the answer is this errcode."""
    HTTP = "http"
    """Not carried out; the answer is this HTTP status."""
    REFUSE = "refuse"
    """Not carried out, and the connection is closed without an answer."""
    LOSE = "lose"
    """Carried out, but the connection is closed without an answer."""
    DELAY = "delay"
    """Carried out after so many seconds."""
    EXPIRE = "expire"
    """All tokens die just before the call."""


@dataclass(frozen=True)
class Fault:
    """One fault at one endpoint (`message/send`), for the next `times` calls; None is for ever."""

    endpoint: str
    effect: Effect
    value: float = 0
    times: int | None = 1

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Fault":
        """Return the fault that a JSON object describes; FaultError if it describes none."""
        times = data.get("times", 1)
        try:
            return cls(
                endpoint=str(data["endpoint"]).strip("/").removeprefix("cgi-bin/"),
                effect=Effect(str(data["effect"])),
                value=float(data.get("value", 0)),
                times=None if times is None else int(times),
            )
        except (KeyError, ValueError, TypeError):
            effects = "、".join(effect.value for effect in Effect)
            raise FaultError(
                f"看不懂这个故障：要有 endpoint 和 effect（{effects}），value、times 为数字。"
            ) from None

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object that describes this fault."""
        return {
            "endpoint": self.endpoint,
            "effect": self.effect.value,
            "value": self.value,
            "times": self.times,
        }


class Faults:
    """The faults that are set. The oldest fitting fault meets a call; then it counts down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Set a fault."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def set(
        self, endpoint: str, effect: Effect, value: float = 0, *, times: int | None = 1
    ) -> None:
        """Set a fault by its parts."""
        self.add(Fault(endpoint, effect, value, times))

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()

    def take(self, endpoint: str) -> Fault | None:
        """Return the fault that this call meets, and count it down."""
        with self._lock:
            for index, (fault, left) in enumerate(self._waiting):
                if fault.endpoint in {EVERY, endpoint}:
                    self._count_down(index, fault, left)
                    return fault
            return None

    def as_json(self) -> list[dict[str, Any]]:
        """Return the faults still to come, with the number of calls left."""
        with self._lock:
            return [{**fault.as_json(), "times": left} for fault, left in self._waiting]

    def _count_down(self, index: int, fault: Fault, left: int | None) -> None:
        if left is None:
            return
        if left <= 1:
            del self._waiting[index]
        else:
            self._waiting[index] = (fault, left - 1)
