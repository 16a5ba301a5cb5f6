"""The load: finished HTTP requests over kept-alive connections, from a process of its own.

Closed loop: each connection sends its next request as soon as it has its answer, so the rate is
what the server can do. Open loop: requests leave at a given rate, and a late one counts from the
moment when it should have left, so that a stalled server cannot hide its own delay.

Not every server keeps its connections. Who closes one is connected to anew for the next request;
the time that takes is part of the request's, and the other connections go on meanwhile.
"""

import selectors
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.connections import PATIENCE, Connection
from bench.responses import ResponseError


class LoadError(Exception):
    """The server did not answer, or not with 200."""


@dataclass(frozen=True)
class Outcome:
    """One run: `seconds` from the first request to the last answer, and each request's latency."""

    seconds: float
    latencies: tuple[float, ...]
    """Seconds, in ascending order."""
    answers: tuple[bytes, ...]
    """The bodies, in the order of the requests."""
    connected: int
    """Connections that were made."""
    settling: float = 0.0
    """Seconds after the last answer until all messages were settled, where that is later."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def settled_rate(self) -> float:
        """Messages a second until all are settled."""
        return len(self.latencies) / (self.seconds + self.settling)

    def percentile(self, share: float) -> float:
        """Return the latency in seconds that `share` (0 to 1) of the requests stay within."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def closed(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send every request, `connections` at a time; raises LoadError."""
    return _Run(port, requests, connections, lambda _number: 0.0).go()


def opened(port: int, requests: Sequence[bytes], connections: int, rate: float) -> Outcome:
    """Send `rate` requests a second, whatever the server does; raises LoadError."""
    return _Run(port, requests, connections, lambda number: number / rate).go()


class _Run:
    """Sends `requests[n]` no earlier than `due(n)` seconds after the start."""

    def __init__(
        self,
        port: int,
        requests: Sequence[bytes],
        connections: int,
        due: Callable[[int], float],
    ) -> None:
        self._requests = requests
        self._due = due
        self._next = 0
        self._selector = selectors.DefaultSelector()
        self._all = [Connection(port, self._selector) for _ in range(connections)]
        self._idle = list(self._all)
        self._latencies: list[float] = []
        self._answers = [b""] * len(requests)

    def go(self) -> Outcome:
        """Run to the last answer."""
        started = time.perf_counter()
        try:
            while len(self._latencies) < len(self._requests):
                self._send_due(started)
                self._receive(self._wait(started))
            seconds = time.perf_counter() - started
        except (ResponseError, OSError) as error:
            raise LoadError(str(error)) from None
        finally:
            for connection in self._all:
                connection.close()
            self._selector.close()
        made = sum(connection.made for connection in self._all)
        return Outcome(seconds, tuple(sorted(self._latencies)), tuple(self._answers), made)

    def _send_due(self, started: float) -> None:
        now = time.perf_counter()
        while self._idle and self._next < len(self._requests):
            due = started + self._due(self._next)
            if due > now:
                return
            planned = due if self._due(self._next) else now
            # The one that was used last, as a pool would: no more connections than are needed.
            self._idle.pop().ask(self._next, self._requests[self._next], planned)
            self._next += 1

    def _wait(self, started: float) -> float:
        if self._idle and self._next < len(self._requests):
            return max(0.0, started + self._due(self._next) - time.perf_counter())
        return PATIENCE

    def _receive(self, seconds: float) -> None:
        ready = self._selector.select(seconds)
        if not ready and seconds == PATIENCE:
            raise LoadError(f"no answer for {PATIENCE:.0f} s")
        for key, event in ready:
            connection: Connection = key.data
            body = connection.go_on(event)
            if body is not None:
                self._latencies.append(time.perf_counter() - connection.due)
                self._answers[connection.number] = body
                self._idle.append(connection)
