"""`copy-to URL`: everything into another, empty database, for example SQLite → PostgreSQL."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DatabaseError, OperationalError

from bot.cli.opening import opened
from bot.errors import ConfigError, InputError
from bot.settings import Settings
from bot.storage import copy
from bot.storage.database import Database

NEXT = """接下来：
1. 停止机器人（serve）。复制之后它如果又收发过消息，先清空目标数据库，停着机器人再复制一次。
2. 把配置项 database.url 改成目标数据库的地址，运行 python -m bot doctor 检查。
3. 启动机器人。旧数据库留作备份，不要再用它启动，否则同一条消息会发两次。"""


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "copy-to", help="把全部数据复制到另一个空的数据库，例如从 SQLite 换到 PostgreSQL"
    )
    parser.add_argument(
        "url",
        metavar="URL",
        help="目标数据库的地址，写法同配置项 database.url；密码也可以放在环境变量 PGPASSWORD 里",
    )
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Copy, compare, and say what to do next."""
    with opened(configured) as bot, _target(arguments.url) as target:
        if copy.same(bot.database, target):
            raise InputError("目标数据库就是正在使用的数据库，不需要复制。")
        copy.prepare(target)
        done = copy.everything(bot.database, target)
    print(f"已复制 {done.tables} 张表共 {done.rows} 条记录，逐表核对条数和内容，完全一致。")
    print(NEXT)
    return 0


@contextmanager
def _target(url: str) -> Iterator[Database]:
    """Yield the other database; no sentence about it shows its address, which holds a password."""
    try:
        target = Database(url)
    except ConfigError:
        raise InputError(
            "目标数据库的地址不对，应形如 postgresql://用户@主机/库名 或 sqlite:///文件夹/文件.db。"
        ) from None
    try:
        yield target
    except OperationalError:
        raise InputError(
            "连不上目标数据库，或复制到一半断开了；目标数据库里没有留下任何记录。"
            "请检查地址、用户、密码、磁盘空间和数据库服务后重试。"
        ) from None
    except DatabaseError:
        raise InputError(
            "目标数据库不能使用，没有复制任何记录：它不是空的数据库、没有建表的权限，"
            "或存不下现有的文字。请检查后重试。"
        ) from None
    finally:
        target.close()
