"""HTTP responses as the load reads them: where one ends, and whether its connection lasts."""

_HEAD_END = b"\r\n\r\n"


class ResponseError(Exception):
    """Not 200, or not a whole response."""


class Response:
    """One response, read piece by piece."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._head: bytes | None = None
        self._fields: dict[bytes, bytes] = {}

    def add(self, chunk: bytes) -> bytes | None:
        """Take what was received, b"" at the end of the connection; return the body when complete.

        Raises ResponseError when the status is not 200 or the response ends too early.
        """
        self._received += chunk
        whole_head = self._head is not None or self._read_head()
        body = self._body(ended=not chunk) if whole_head else None
        if body is None and not chunk:
            raise ResponseError("the server closed a connection without a whole answer")
        return body

    @property
    def lasting(self) -> bool:
        """Whether the server keeps the connection after this response (RFC 9112, 9.3)."""
        assert self._head is not None
        said = self._fields.get(b"connection", b"").lower()
        if self._head.startswith(b"HTTP/1.0") and said != b"keep-alive":
            return False
        bounded = b"content-length" in self._fields or self._chunked
        return bounded and said != b"close"

    @property
    def _chunked(self) -> bool:
        return self._fields.get(b"transfer-encoding", b"").lower() == b"chunked"

    def _read_head(self) -> bool:
        head, separator, body = self._received.partition(_HEAD_END)
        if not separator:
            return False
        status, *lines = bytes(head).split(b"\r\n")
        if status.split(b" ", 2)[1:2] != [b"200"]:
            raise ResponseError(bytes(self._received[:500]).decode(errors="replace"))
        pairs = (line.partition(b":") for line in lines)
        self._fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
        self._head, self._received = bytes(head), body
        return True

    def _body(self, *, ended: bool) -> bytes | None:
        if self._chunked:
            return _unchunked(bytes(self._received))
        if b"content-length" in self._fields:
            length = int(self._fields[b"content-length"])
            return bytes(self._received[:length]) if len(self._received) >= length else None
        return bytes(self._received) if ended else None


def _unchunked(received: bytes) -> bytes | None:
    body = bytearray()
    while True:
        size, line_end, received = received.partition(b"\r\n")
        if not line_end:
            return None
        length = int(size.split(b";")[0], 16)
        if len(received) < length + 2:
            return None
        if not length:
            return bytes(body)
        body += received[:length]
        received = received[length + 2 :]
