"""`backup FILE`: everything the office would miss, while the bot runs."""

import argparse
from pathlib import Path
from typing import Any

from bot.cli.opening import opened
from bot.errors import InputError
from bot.settings import Settings
from bot.storage import backup, migrate


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("backup", help="备份全部数据，运行中也可以备份")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Write the backup; an existing file is never overwritten."""
    file: Path = arguments.file
    with opened(configured) as bot:
        try:
            if file.exists():
                raise InputError(f"文件 {file} 已存在，请换一个文件名。")
            count = backup.save(bot.database, file, migrate.head())
        except OSError:
            raise InputError(f"写不了文件 {file}，请检查文件夹是否存在、磁盘是否已满。") from None
    print(f"已备份 {count} 条记录到 {file}。")
    return 0
