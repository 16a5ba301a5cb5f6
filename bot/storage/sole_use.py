"""One `serve` at a time on one SQLite file.

The lock lies on a file of its own beside the database: a process that closes any handle of the
database file itself would lose SQLite's own locks on it. The kernel lets go of the lock when its
holder ends, however it ends, so a crash never keeps the bot from being started again.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError
from bot.storage.database import Database

SUFFIX = ".serving"


@contextmanager
def sole_use(database: Database) -> Iterator[None]:
    """Keep every other `serve` off the SQLite file meanwhile; ConfigError when one is at it.

    On PostgreSQL any number may serve, and nothing is locked.
    """
    if not database.embedded:
        yield
        return
    file = Path(str(database.engine.url.database)).resolve()
    handle = _opened(file.with_name(file.name + SUFFIX))
    try:
        _lock(handle, file)
        yield
    finally:
        os.close(handle)


def _opened(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise ConfigError(f"写不了文件 {lock}，请检查数据库所在文件夹的权限。") from None


def _lock(handle: int, file: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        number = os.pread(handle, 20, 0).decode(errors="replace").strip()
        holder = f"（进程号 {number}）" if number.isdecimal() else ""
        raise ConfigError(
            f"数据库 {file} 正由另一个 serve{holder} 使用：SQLite 只能由一个进程提供服务。"
            "请先停止那一个，或改用 PostgreSQL。"
        ) from None
    except OSError:
        raise ConfigError(
            f"文件夹 {file.parent} 不支持文件锁，请把数据库放到本机磁盘上（配置项 database.url）。"
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
