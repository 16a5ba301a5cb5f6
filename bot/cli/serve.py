"""`serve`: runs the bot until it is stopped."""

import argparse
import logging
import signal
from typing import Any

from bot.app import Bot, settle, start_moment
from bot.cli.opening import opened
from bot.clock import Clock
from bot.errors import ConfigError
from bot.settings import Settings
from bot.storage.sole_use import sole_use
from bot.web.server import WebServer

log = logging.getLogger(__name__)
STOPPING = (signal.SIGTERM, signal.SIGINT)


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("serve", help="启动机器人")
    parser.add_argument("--role", choices=("all", "web", "worker"), default="all")
    parser.add_argument(
        "--start-at", metavar="MOMENT", help="演练用：让机器人以为现在是这一时刻，此后正常走时"
    )
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, then finish what was accepted."""
    clock = Clock(configured.schedule.zone)
    if arguments.start_at is not None:
        clock = Clock(configured.schedule.zone, start_moment(arguments.start_at, clock))
    with opened(configured, clock) as bot:
        if bot.database.embedded and arguments.role != "all":
            raise ConfigError(
                "SQLite 只支持单个进程，请用 --role all；"
                "要把 web 和 worker 分开，请改用 PostgreSQL。"
            )
        with sole_use(bot.database):
            _serve(bot, arguments.role)
    return 0


def _serve(bot: Bot, role: str) -> None:
    # Blocked before any thread is made, so that only this thread takes them, one at a time: a
    # handler that sets an event can meet itself when signals come in a burst, and hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    settle()
    worker = bot.worker() if role in {"all", "worker"} else None
    server = None
    if role in {"all", "web"}:
        server = WebServer(bot.flask(), bot.settings.server)
        server.start()
    if worker is not None:
        worker.start()
    log.info("serving role=%s clock=%s", role, bot.clock.now().isoformat(timespec="seconds"))
    signal.sigwait(STOPPING)
    log.info("stopping")
    if server is not None:
        server.stop()
    if worker is not None:
        worker.stop()
