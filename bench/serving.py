"""The process under load: `python -m bench.serving echo|bot CORP URL [MILLISECONDS]`.

It prints its port and serves until its standard input is closed, so it never outlives the one
who started it. CORP is a `simulator.corp.Corp` as JSON. MILLISECONDS is added to every commit, to
show on a machine with a quick disk what a slow one would do.
"""

import json
import sys
import time

from flask import Flask
from sqlalchemy import Connection, event

from bench import echo, office
from bot import log
from bot.app import Bot, settle
from bot.settings import Settings
from bot.web.server import WebServer
from simulator.corp import Corp


def main(what: str, corp_json: str, url: str, milliseconds: str = "0") -> None:
    """Serve until standard input ends."""
    corp = Corp(**json.loads(corp_json))
    configured = office.settings(corp, url)
    log.configure("INFO")
    if what == "echo":
        _serve(echo.create(corp), configured)
        return
    bot = Bot(configured)
    _slow_down(bot, float(milliseconds) / 1000)
    settle()
    _serve(bot.flask(), configured)
    bot.close()


def _serve(app: Flask, configured: Settings) -> None:
    server = WebServer(app, configured.server)
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()
    server.stop()


def _slow_down(bot: Bot, seconds: float) -> None:
    def wait(_connection: Connection) -> None:
        time.sleep(seconds)

    if seconds:
        event.listen(bot.database.engine, "commit", wait)


if __name__ == "__main__":
    main(*sys.argv[1:])
