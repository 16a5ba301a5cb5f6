"""The HTTP server: waitress in threads of this process (docs/decisions/0004-server.md).

One thread reads and writes all connections, so a slow client holds up nobody; the task threads
see a request only when all of it has arrived. The loop is run here and not by waitress, whose
own end leaves kept-alive connections open and with them the loop running.
"""

import logging
import socket
import threading
from datetime import timedelta
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from bot.clock import Clock
from bot.errors import ConfigError
from bot.settings import Server
from bot.wecom.crypto import MAX_BODY

GRACE = timedelta(seconds=1.5)
"""How long `stop` waits for the requests under way; WeCom repeats what was not answered."""
CONNECTIONS = 512
"""Open connections at most: enough for a crowd of slow clients, below the usual limit on files."""
_IDLE = 60
"""Seconds until a connection on which nothing happens is closed."""
_TICK = 1.0
"""Seconds that the loop sleeps at most; whatever happens wakes it earlier."""

# How long its queue is, waitress would say in one line of the log for each waiting request.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class WebServer:
    """Serves one application until it is stopped. A port that is taken raises ConfigError."""

    def __init__(self, app: Flask, server: Server) -> None:
        self._clock = Clock()
        self._open: dict[int, Any] = {}
        self._server = _listening(app, server, self._open)
        self._stopping = threading.Event()
        self._waking = threading.Lock()
        """Held while the trigger is pulled or closed: a closed one is somebody else's file."""
        self._gone = False
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, answer what is under way, and return within two seconds."""
        self._stopping.set()
        with self._waking:
            if not self._gone:
                self._server.pull_trigger()
        if self._thread.ident is None:
            self._let_go()
        else:
            self._thread.join()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._turn(_TICK)
        wasyncore.dispatcher.close(self._server)  # only the port; its own close ends all
        self._finish()
        self._let_go()

    def _finish(self) -> None:
        """Close each connection as soon as its answers are out, until the time is up."""
        deadline = self._clock.monotonic() + GRACE.total_seconds()
        while self._server.active_channels and self._clock.monotonic() < deadline:
            for channel in self._server.active_channels.values():
                if not channel.requests:
                    channel.close_when_flushed = True
            self._turn(0.05)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._open, count=1)

    def _let_go(self) -> None:
        tasks, trigger = self._server.task_dispatcher, self._server.trigger
        tasks.shutdown(timeout=0.2)
        with self._waking:
            self._gone = True
            if tasks.threads:  # one that hangs would write to whatever gets the closed pipe
                trigger.del_channel(self._open)
            else:
                trigger.close()
        wasyncore.close_all(self._open)


def _listening(app: Flask, server: Server, open_: dict[int, Any]) -> Any:
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        listener = socket.create_server((server.host, server.port), family=family)
    except OSError:
        raise ConfigError(
            f"端口 {server.port} 已被占用或不能使用，"
            "请修改配置项 server.port（或 server.host）后重试。"
        ) from None
    return create_server(
        app,
        open_,
        sockets=[listener],
        threads=server.threads,
        connection_limit=CONNECTIONS,
        channel_timeout=_IDLE,
        max_request_body_size=4 * MAX_BODY,
        ident="",
        clear_untrusted_proxy_headers=True,
    )
