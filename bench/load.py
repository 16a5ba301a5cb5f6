"""The load: finished HTTP requests over kept-alive connections, from a process of its own.

Closed loop: each connection sends its next request as soon as it has its answer, so the rate is
what the server can do. Open loop: requests leave at a given rate, and a late one counts from the
moment when it should have left, so that a stalled server cannot hide its own delay.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_PATIENCE = 10.0
"""Seconds without any answer after which the server counts as dead."""


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

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in seconds that `share` (0 to 1) of the requests stay within."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def closed(port: int, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send every request, `connections` at a time."""
    return _Run(port, requests, connections, lambda _number: 0.0).go()


def opened(port: int, requests: Sequence[bytes], connections: int, rate: float) -> Outcome:
    """Send `rate` requests a second, whatever the server does."""
    return _Run(port, requests, connections, lambda number: number / rate).go()


@dataclass(eq=False)
class _Connection:
    socket: socket.socket
    number: int = 0
    due: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self, number: int, request: bytes, due: float) -> None:
        self.number, self.due = number, due
        self.received.clear()
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """Return the body when it is complete."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise LoadError("the server closed a connection")
        self.received += chunk
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(bytes(head)):
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise LoadError(bytes(head).decode(errors="replace"))
        return bytes(body)


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
        self._idle = deque(_connect(port) for _ in range(connections))
        for connection in self._idle:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
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
        finally:
            for key in list(self._selector.get_map().values()):
                key.data.socket.close()
            self._selector.close()
        return Outcome(seconds, tuple(sorted(self._latencies)), tuple(self._answers))

    def _send_due(self, started: float) -> None:
        now = time.perf_counter()
        while self._idle and self._next < len(self._requests):
            due = started + self._due(self._next)
            if due > now:
                return
            planned = due if self._due(self._next) else now
            self._idle.popleft().send(self._next, self._requests[self._next], planned)
            self._next += 1

    def _wait(self, started: float) -> float:
        if self._idle and self._next < len(self._requests):
            return max(0.0, started + self._due(self._next) - time.perf_counter())
        return _PATIENCE

    def _receive(self, seconds: float) -> None:
        ready = self._selector.select(seconds)
        if not ready and seconds == _PATIENCE:
            raise LoadError(f"no answer for {_PATIENCE:.0f} s")
        for key, _ in ready:
            connection: _Connection = key.data
            body = connection.answer()
            if body is not None:
                self._latencies.append(time.perf_counter() - connection.due)
                self._answers[connection.number] = body
                self._idle.append(connection)


def _connect(port: int) -> _Connection:
    connection = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Connection(connection)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise LoadError("an answer without Content-Length")
