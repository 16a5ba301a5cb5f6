"""The web server of the simulator: API, control and chat page on one loopback port."""

import logging
import threading
from functools import partial

from flask import Flask, Response, abort, render_template, request
from flask.json.provider import DefaultJSONProvider
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from simulator.api import make_api
from simulator.control import TimeMachine, make_control
from simulator.login import make_login
from simulator.phone import Phones
from simulator.world import World

HOST = "127.0.0.1"
THREADS = 24
"""A waiting page holds a thread, and so does a message while the bot works on it."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_MAX_REQUEST = 40 << 20
_POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'"


class PortBusy(Exception):
    """Another program listens on the port; the message is one Chinese sentence."""


def make_app(world: World, phones: Phones, move: TimeMachine, host: str = HOST) -> Flask:
    """Return the whole simulator as a Flask application; `host` is a further name of its own."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_REQUEST
    # A lost answer is an exception that must reach the server, which then closes the connection.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    provider = app.json
    assert isinstance(provider, DefaultJSONProvider)
    provider.ensure_ascii = False
    app.register_blueprint(make_api(world))
    app.register_blueprint(make_control(world, phones, move))
    app.register_blueprint(make_login(world))
    app.before_request(partial(_only_local, _LOCAL | {host}))
    app.after_request(_harden)

    @app.get("/")
    def chat() -> str:
        return render_template("chat.html")

    return app


def _only_local(names: frozenset[str]) -> None:
    # A page of another site must not reach the phones by a name that it lets point here.
    if request.host.rsplit(":", 1)[0] not in names:
        abort(403)


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class Server:
    """Runs an application in a thread until it is stopped."""

    def __init__(self, app: Flask, port: int, host: str = HOST) -> None:
        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._map: dict[int, object] = {}
        self._ended = threading.Event()
        self._server = _listen(app, host, port, self._map)
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self.port = int(self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and wait until the thread has ended."""
        self._ended.set()
        self._server.pull_trigger()
        self._thread.join()
        # Only now does nobody poll the sockets or answer on them any more.
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _run(self) -> None:
        while not self._ended.is_set():
            wasyncore.loop(timeout=1, map=self._map, count=1)


def _listen(app: Flask, host: str, port: int, channels: dict[int, object]) -> BaseWSGIServer:
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            map=channels,
            # An OSError out of the application closes the connection without an answer.
            log_socket_errors=False,
            channel_timeout=60,
        )
    except OSError:
        raise PortBusy(f"端口 {port} 已被别的程序占用。") from None
    assert isinstance(server, BaseWSGIServer)
    return server
