"""A WeCom that only counts: `python -m bench.stub [MILLISECONDS]`.

The simulator checks what it gets and shows it on a chat page, and so it is slower than what is
measured here. This one takes messages with errcode 0 after a given latency, recognises repeated
requests as WeCom does, and knows who got what. It prints its port and serves until its standard
input is closed.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

_TOKEN = b'{"errcode":0,"errmsg":"ok","access_token":"stub","expires_in":7200}'


@dataclass
class Seen:
    """What arrived."""

    calls: int = 0
    """Requests to message/send, the recognised repetitions included."""
    recognised: int = 0
    copies: Counter[str] = field(default_factory=Counter)
    """How often each person got each text, keyed by both."""
    answers: dict[bytes, bytes] = field(default_factory=dict)

    def send(self, body: bytes) -> bytes:
        """Deliver a message, unless it was delivered before."""
        self.calls += 1
        if (known := self.answers.get(body)) is not None:
            self.recognised += 1
            return known
        message = json.loads(body)
        content = hash(json.dumps(message[message["msgtype"]]))
        self.copies.update(f"{touser} {content}" for touser in message["touser"].split("|"))
        answer = b'{"errcode":0,"errmsg":"ok","msgid":"m%d"}' % self.calls
        if message.get("enable_duplicate_check"):
            self.answers[body] = answer
        return answer

    def report(self) -> bytes:
        """Return the figures as JSON, and forget them."""
        figures = {
            "calls": self.calls,
            "recognised": self.recognised,
            "seen": len(self.copies),
            "twice": sum(copies > 1 for copies in self.copies.values()),
        }
        self.__init__()  # type: ignore[misc]
        return json.dumps(figures).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, seen: Seen, latency: float) -> None:
        self._seen = seen
        self._latency = latency
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(bytes(head)):
            return
        self._received.clear()
        self._answer(bytes(head), bytes(body))

    def _answer(self, head: bytes, body: bytes) -> None:
        if b"/message/send" in head.split(b"\r\n", 1)[0]:
            answer = self._seen.send(body)
            asyncio.get_running_loop().call_later(self._latency, self._write, answer)
        elif b" /seen " in head:
            self._write(self._seen.report())
        else:
            self._write(_TOKEN)

    def _write(self, body: bytes) -> None:
        assert self._transport
        head = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (HTTPStatus.OK, len(body)) + body)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _serve(latency: float) -> None:
    loop = asyncio.get_running_loop()
    seen = Seen()
    connection: Callable[[], _Connection] = partial(_Connection, seen, latency)
    server = await loop.create_server(connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0.0))
