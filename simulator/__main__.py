"""Command line: `python -m simulator demo` and `python -m simulator serve`."""

import argparse
import io
import sys
from pathlib import Path

from simulator import demo, serve
from simulator.bot_program import BotFailed
from simulator.folder import FolderBusy, FolderUnusable
from simulator.people import RosterError
from simulator.server import PortBusy
from simulator.store import StoreError

FAILURES = (
    BotFailed,
    FolderBusy,
    FolderUnusable,
    PortBusy,
    RosterError,
    StoreError,
    serve.ServeFailed,
)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 1 with one Chinese sentence on stderr when it cannot be done."""
    asked = _parser().parse_args(arguments)
    _write_what_can_be_written()
    try:
        if asked.command == "demo":
            demo.run(asked.dir, asked.port, asked.bot_port)
        else:
            serve.run(asked.port, asked.config)
    except FAILURES as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _write_what_can_be_written() -> None:
    # A terminal without Chinese shows question marks rather than a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="本机上的企业微信")
    commands = parser.add_subparsers(dest="command", required=True)
    showing = commands.add_parser("demo", help="启动演示：聊天页、机器人和时间机器")
    showing.add_argument("--dir", type=Path, default=Path("var/demo"), help="演示数据的目录")
    showing.add_argument("--port", type=int, default=8100, help="聊天页的端口")
    showing.add_argument("--bot-port", type=int, default=8101, help="机器人的端口")
    serving = commands.add_parser("serve", help="只启动模拟的企业微信")
    serving.add_argument("--port", type=int, default=0, help="端口，0 为任选")
    serving.add_argument("--config", type=Path, required=True, help="JSON 配置文件")
    return parser


if __name__ == "__main__":
    sys.exit(main())
