"""Bytes to a server and back, without any library that would put them right."""

import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

PATIENCE = 20.0
"""Seconds; what takes longer hangs."""
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ")


def connect(url: str) -> socket.socket:
    """Return a connection to the server of that URL."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE)


def exchange(url: str, content: bytes, *, then_hang_up: bool = False) -> bytes:
    """Send these bytes and return all that comes back until the server closes."""
    received = b""
    with connect(url) as line:
        try:
            line.sendall(content)
            if then_hang_up:
                with suppress(OSError):  # the server may have closed already
                    line.shutdown(socket.SHUT_WR)
            while piece := line.recv(65536):
                received += piece
        except ConnectionError:
            pass  # the server had enough
    return received


def request(
    method: bytes, target: bytes, body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()
) -> bytes:
    """Return a request that ends its connection."""
    written = b"".join(b"%b: %b\r\n" % header for header in headers)
    length = b"Content-Length: %d\r\n" % len(body)
    return b"%b %b HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n%b%b\r\n%b" % (
        method, target, written, length, body,
    )  # fmt: skip


def status(response: bytes) -> int | None:
    """Return the status of a response; None where nothing came."""
    if not response:
        return None
    found = _STATUS.match(response)
    assert found, response[:200]
    return int(found[1])
