"""The smallest thing that takes messages like WeCom: it records what comes over the line.

It stands at the protocol's boundary for tests of the outbox alone; whatever needs more of WeCom
uses the simulator.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from bot.wecom.client import SendResult

Fault = Callable[[], None]
"""What happens to a call: raises, or lets it pass. Called before or after delivering."""


def passes() -> None:
    """Let the call pass."""


def raises(error: BaseException) -> Fault:
    """Fail with this error."""

    def fault() -> None:
        raise error

    return fault


class RecordingWeCom:
    """Delivers each body once, as the duplicate check does; `inbox` counts what people got."""

    def __init__(self, invalid: Iterable[str] = (), unlicensed: Iterable[str] = ()) -> None:
        self.bodies: list[bytes] = []
        self.inbox: dict[str, list[str]] = {}
        self.before: list[Fault] = []
        """What happens to the next calls before WeCom sees them."""
        self.after: list[Fault] = []
        """What happens to the next calls after people got the message."""
        self._invalid, self._unlicensed = tuple(invalid), tuple(unlicensed)
        self._delivered: set[bytes] = set()
        self._lock = threading.Lock()

    def send_bytes(self, body: bytes) -> SendResult:
        """Deliver the message and say whom it did not reach."""
        with self._lock:
            before = self.before.pop(0) if self.before else passes
            after = self.after.pop(0) if self.after else passes
            self.bodies.append(body)
            before()
            request = json.loads(body)
            if body not in self._delivered:
                self._delivered.add(body)
                self._deliver(request)
            after()
            return SendResult(
                f"msg{len(self.bodies)}",
                "code" if request["msgtype"] == "template_card" else "",
                self._invalid,
                self._unlicensed,
            )

    def _deliver(self, request: dict[str, Any]) -> None:
        content = request[request["msgtype"]].get("content", "(card)")
        for person in request["touser"].split("|"):
            if person.lower() not in self._invalid + self._unlicensed:
                self.inbox.setdefault(person, []).append(content)

    @property
    def copies(self) -> Counter[str]:
        """How many messages each person got."""
        return Counter({person: len(texts) for person, texts in self.inbox.items()})
