"""One of the load's connections: made when it is needed, kept while the server keeps it."""

import os
import selectors
import socket

from bench.responses import Response, ResponseError

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds without any answer after which the server counts as dead."""


class Connection:
    """Sends one request after the other; connects without waiting, so that others can go on."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._selector = selector
        self._socket: socket.socket | None = None
        self._request = b""
        self._response = Response()
        self.number = 0
        """The request under way."""
        self.due = 0.0
        """When it should leave, on `perf_counter`."""
        self.made = 0
        """How often this has connected."""

    def ask(self, number: int, request: bytes, due: float) -> None:
        """Begin a request."""
        self.number, self.due, self._request, self._response = number, due, request, Response()
        if self._socket:
            self._socket.sendall(request)
            return
        self._socket = socket.socket()
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._socket.connect_ex((HOST, self._port))
        self._selector.register(self._socket, selectors.EVENT_WRITE, self)
        self.made += 1

    def go_on(self, event: int) -> bytes | None:
        """Do what the selector says is possible; return the body when it is complete.

        Raises ResponseError and OSError.
        """
        assert self._socket
        if event & selectors.EVENT_WRITE:
            self._connected(self._socket)
            return None
        body = self._response.add(self._socket.recv(65536))
        if body is not None and not self._response.lasting:
            self.close()
        return body

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._socket:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None

    def _connected(self, there: socket.socket) -> None:
        fault = there.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            raise ResponseError(f"no connection: {os.strerror(fault)}")
        there.settimeout(PATIENCE)
        there.sendall(self._request)
        self._selector.modify(there, selectors.EVENT_READ, self)
