"""`restore FILE`: a backup into an empty database."""

import argparse
from pathlib import Path
from typing import Any

from bot.cli.opening import opened
from bot.settings import Settings
from bot.storage import backup, migrate


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("restore", help="把备份恢复到空的数据库里")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Create the schema if there is none, and read the backup."""
    with opened(configured, create=True) as bot:
        count = backup.load(bot.database, arguments.file, migrate.head())
    print(f"已恢复 {count} 条记录。")
    return 0
