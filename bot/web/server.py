"""The HTTP server: waitress in a thread of this process (docs/decisions/0004-server.md)."""

import threading

from flask import Flask
from waitress.server import create_server

from bot.errors import ConfigError
from bot.settings import Server
from bot.wecom.crypto import MAX_BODY


class WebServer:
    """Serves one application until it is stopped."""

    def __init__(self, app: Flask, server: Server) -> None:
        try:
            self._server = create_server(
                app,
                host=server.host,
                port=server.port,
                threads=server.threads,
                max_request_body_size=4 * MAX_BODY,
                ident="",
                clear_untrusted_proxy_headers=True,
            )
        except OSError:
            raise ConfigError(
                f"端口 {server.port} 已被占用或不能使用，请修改配置项 server.port 后重试。"
            ) from None
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer what is under way, then stop."""
        self._server.task_dispatcher.shutdown(timeout=5)
        self._server.close()
        self._thread.join(timeout=5)
