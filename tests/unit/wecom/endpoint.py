"""A scripted WeCom endpoint on the loopback, for faults that the simulator does not inject."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """What is answered: a JSON object, or raw bytes with their headers."""

    json: Mapping[str, object] | None = None
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Silence:
    """The request is read and never answered."""


class Reset:
    """The request is read and the connection closed."""


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


Step = Answer | Silence | Reset


class Endpoint:
    """Answers by path from a script, the last step for ever; records what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[Seen] = []
        self.closing = threading.Event()
        self._script: dict[str, deque[Step]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._tokens = 0
        self._refused: set[str] = set()

    def answers(self, path: str, *steps: Step | Mapping[str, object]) -> None:
        """Script the answers of `/cgi-bin/{path}`; a mapping stands for its JSON."""
        self._script[path] = deque(
            Answer(dict(step)) if isinstance(step, Mapping) else step for step in steps
        )

    def refuses(self, token_value: str) -> None:
        """Answer every call under this token with 40014."""
        self._refused.add(token_value)

    def calls(self, path: str) -> list[Seen]:
        """Return the requests to that path, in order of arrival."""
        return [seen for seen in self.seen if seen.path == path]

    def step(self, seen: Seen) -> Step:
        """Note a request and return what to do with it."""
        with self._lock:
            self.seen.append(seen)
            if seen.query.get("access_token") in self._refused:
                return Answer({"errcode": 40014, "errmsg": "invalid access_token"})
            script = self._script[seen.path]
            if script:
                return script.popleft() if len(script) > 1 else script[0]
            if seen.path == "gettoken":
                self._tokens += 1
                return Answer(token(f"token-{self._tokens}"))
            return Answer({"errcode": 0, "errmsg": "ok"})


def token(value: str, life: int = 7200) -> dict[str, object]:
    """Return the answer to a good gettoken."""
    return {"errcode": 0, "errmsg": "ok", "access_token": value, "expires_in": life}


@contextmanager
def running() -> Iterator[Endpoint]:
    """Run an endpoint on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}")
    _Handler.endpoints[server.server_port] = endpoint
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    endpoints: dict[int, Endpoint] = {}  # noqa: RUF012 - the ports of this test process

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        endpoint = self.endpoints[port]
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = parts.path.removeprefix("/cgi-bin/")
        step = endpoint.step(Seen(self.command, path, query, body))
        if isinstance(step, Answer):
            self._answer(step)
        elif isinstance(step, Silence):
            endpoint.closing.wait(10)

    do_POST = do_GET  # noqa: N815

    def _answer(self, answer: Answer) -> None:
        body = answer.body if answer.json is None else json.dumps(answer.json).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests quiet."""
