"""A WeCom API that costs next to nothing: it takes messages, counts them, and can be waited on.

`python -m bench.peers.stub` prints its port. The simulator would check each call and keep it,
which would cost the peers more than WeCom's own servers, which are not on this machine.
"""

import asyncio
import json
import sys

from bench.peers.process import HOST

WAIT = "/wait/"
"""GET /wait/N is answered as soon as N messages were sent."""


class Sent:
    """How many messages have been sent, and who waits for how many."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = asyncio.Condition()

    async def one_more(self) -> None:
        """Count a message."""
        async with self._changed:
            self._count += 1
            self._changed.notify_all()

    async def wait_for(self, count: int) -> int:
        """Return when so many were sent, with how many that are."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._count >= count)
            return self._count


class Api:
    """Answers requests on kept-alive connections."""

    def __init__(self) -> None:
        self._sent = Sent()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                await reader.readexactly(_length(head))
                body = json.dumps(await self._answer(head.split(" ", 2)[1])).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, target: str) -> dict[str, object]:
        if target.startswith("/cgi-bin/message/send"):
            await self._sent.one_more()
            return {"errcode": 0, "errmsg": "ok", "msgid": "1"}
        if target.startswith(WAIT):
            return {"sent": await self._sent.wait_for(int(target.removeprefix(WAIT)))}
        return {"errcode": 0, "errmsg": "ok", "access_token": "stub", "expires_in": 7200}


def _length(head: str) -> int:
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def _main() -> None:
    server = await asyncio.start_server(Api().serve, HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
