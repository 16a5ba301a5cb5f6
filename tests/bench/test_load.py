"""The load is fair to servers that keep connections and to those that do not."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench import load

CONNECTIONS = 4
REQUESTS = [
    b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    for body in (f"number {number}".encode() for number in range(50))
]
BODIES = tuple(f"number {number}".encode() for number in range(50))


class Echo(BaseHTTPRequestHandler):
    """Sends every body back."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class Keeping(Echo):
    protocol_version = "HTTP/1.1"


class Refusing(Echo):
    def do_POST(self) -> None:
        self.send_error(503)


@contextmanager
def served(handler: type[Echo]) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("handler", "connected"), [(Keeping, CONNECTIONS), (Echo, len(REQUESTS))])
def test_every_answer_belongs_to_its_request(handler: type[Echo], connected: int) -> None:
    with served(handler) as port:
        outcome = load.closed(port, REQUESTS, CONNECTIONS)
    assert outcome.answers == BODIES
    assert outcome.connected == connected
    assert len(outcome.latencies) == len(REQUESTS)


@pytest.mark.parametrize("handler", [Keeping, Echo])
def test_an_open_loop_sends_all_of_them_too(handler: type[Echo]) -> None:
    with served(handler) as port:
        assert load.opened(port, REQUESTS, 64, 1000).answers == BODIES


def test_what_is_not_200_ends_the_run() -> None:
    with served(Refusing) as port, pytest.raises(load.LoadError, match="503"):
        load.closed(port, REQUESTS, CONNECTIONS)


def test_nobody_there_ends_the_run() -> None:
    with served(Echo) as port:
        pass
    with pytest.raises(load.LoadError, match="no connection"):
        load.closed(port, REQUESTS, CONNECTIONS)
