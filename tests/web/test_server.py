"""The HTTP server: how it ends, and what it does not let itself be brought down by."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask, request

from bot.errors import ConfigError
from bot.settings import Server
from bot.web.server import WebServer

LIMIT = 2.0
"""Seconds within which a stop must be over."""


class Slow:
    """An application with one request that takes until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.app = Flask("slow")
        self.app.get("/slow")(self._slow)
        self.app.get("/quick")(self._quick)
        self.app.post("/size")(self._size)

    def _slow(self) -> str:
        self.entered.release()
        assert self.go_on.wait(10)
        return "slow"

    def _quick(self) -> str:
        return "quick"

    def _size(self) -> str:
        return str(len(request.data))


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go_on.set()


@pytest.fixture
def server(slow: Slow) -> Iterator[WebServer]:
    opened = WebServer(slow.app, Server(port=0, threads=2))
    opened.start()
    yield opened
    opened.stop()


def connect(server: WebServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)


def get(connection: http.client.HTTPConnection, path: str) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def answers(server: WebServer) -> bool:
    connection = connect(server)
    try:
        return get(connection, "/quick") == "quick"
    finally:
        connection.close()


def stopping(server: WebServer) -> threading.Thread:
    thread = threading.Thread(target=server.stop, daemon=True)
    thread.start()
    return thread


def is_over(thread: threading.Thread) -> bool:
    thread.join(LIMIT)
    return not thread.is_alive()


def nobody_listens(port: int) -> bool:
    """Return whether connections are refused, at the latest after a while."""
    last = time.monotonic() + LIMIT
    while time.monotonic() < last:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except ConnectionError:
            return True
    return False


def test_stops_though_a_connection_is_kept_alive(server: WebServer) -> None:
    kept = connect(server)
    assert get(kept, "/quick") == "quick"
    assert is_over(stopping(server))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        get(kept, "/quick")
    kept.close()


def test_stops_though_a_request_never_ends(server: WebServer, slow: Slow) -> None:
    endless = connect(server)
    endless.request("GET", "/slow")
    assert slow.entered.acquire(timeout=10)
    assert is_over(stopping(server))
    endless.close()


def test_requests_under_way_are_answered(server: WebServer, slow: Slow) -> None:
    under_way = [connect(server), connect(server)]
    for connection in under_way:
        connection.request("GET", "/slow")
        assert slow.entered.acquire(timeout=10)
    stop = stopping(server)
    assert nobody_listens(server.port)
    slow.go_on.set()
    for connection in under_way:
        assert connection.getresponse().read() == b"slow"
        connection.close()
    assert is_over(stop)


def test_the_port_is_free_after_the_stop(slow: Slow) -> None:
    first = WebServer(slow.app, Server(port=0))
    first.start()
    first.stop()
    second = WebServer(slow.app, Server(port=first.port))
    second.start()
    assert answers(second)
    second.stop()


def test_can_be_stopped_before_it_was_started_and_twice(slow: Slow) -> None:
    server = WebServer(slow.app, Server(port=0))
    server.stop()
    server.stop()
    assert nobody_listens(server.port)


def test_a_port_in_use_is_one_sentence(server: WebServer, slow: Slow) -> None:
    with pytest.raises(ConfigError, match=f"端口 {server.port} 已被占用.*server.port"):
        WebServer(slow.app, Server(port=server.port))


def test_a_host_that_is_not_ours_is_one_sentence(slow: Slow) -> None:
    with pytest.raises(ConfigError, match=r"server\.host"):
        WebServer(slow.app, Server(host="192.0.2.1", port=0))


def test_localhost_is_one_port(slow: Slow) -> None:
    server = WebServer(slow.app, Server(host="localhost", port=0))
    server.start()
    assert answers(server)
    server.stop()


def test_a_body_over_the_cap_is_refused_and_the_server_lives(server: WebServer) -> None:
    huge = connect(server)
    huge.putrequest("POST", "/size")
    huge.putheader("Content-Length", str(5 * 1024 * 1024))
    huge.endheaders()
    assert huge.getresponse().status == 413
    huge.close()
    assert answers(server)


def test_what_is_no_http_is_refused_and_the_server_lives(server: WebServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00 not http\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.0 400")
    assert answers(server)


def test_slow_clients_hold_up_nobody(server: WebServer) -> None:
    unfinished = [
        socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(150)
    ]
    for raw in unfinished:
        raw.sendall(b"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
    assert answers(server)
    unfinished[-1].sendall(b"345")
    assert unfinished[-1].recv(100).startswith(b"HTTP/1.1 200")
    for raw in unfinished:
        raw.close()
