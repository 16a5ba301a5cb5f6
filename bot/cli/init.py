"""`init`: creates or migrates the database; safe to repeat."""

import argparse
from typing import Any

from bot.cli.opening import opened
from bot.settings import Settings


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("init", help="建立或升级数据库，可重复运行")
    parser.set_defaults(run=run)


def run(configured: Settings, _arguments: argparse.Namespace) -> int:
    """Create or migrate the database."""
    with opened(configured, create=True):
        print("数据库已就绪。")
    return 0
