"""The demo's folder: the company's secrets, the bot's configuration, the saved state."""

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from simulator import store
from simulator.corp import Corp, random_corp
from simulator.server import HOST


@dataclass(frozen=True)
class Folder:
    """The demo's files; all of them may be deleted for a fresh start."""

    path: Path

    @property
    def lock(self) -> Path:
        """Locked while a demo runs here; holds the address of its chat page."""
        return self.path / "lock"

    @property
    def config(self) -> Path:
        """The bot's configuration, written anew at each start."""
        return self.path / "config.toml"

    @property
    def secrets(self) -> Path:
        """The company's secrets, made at the first start."""
        return self.path / "corp.json"

    @property
    def state(self) -> Path:
        """The clock and the conversations."""
        return self.path / "simulator.json"

    @property
    def loaded(self) -> Path:
        """Exists when the sample data was imported completely."""
        return self.path / "loaded"

    @property
    def log(self) -> Path:
        """What the bot writes."""
        return self.path / "bot.log"

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self.path / "bot.db"


class FolderBusy(Exception):
    """Another demo runs in this folder; the message is one Chinese sentence."""


class FolderUnusable(Exception):
    """The folder cannot be written to; the message is one Chinese sentence."""


_REASONS = {
    errno.EACCES: "没有读写权限",
    errno.EPERM: "没有读写权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已有同名文件",
    errno.EISDIR: "文件的位置上是目录",
    errno.ENAMETOOLONG: "名字太长",
}


@contextlib.contextmanager
def usable(folder: Folder) -> Iterator[None]:
    """Turn what the disk refuses into FolderUnusable."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REASONS:
            raise
        raise FolderUnusable(
            f"演示数据写不进 {error.filename or folder.path}：{_REASONS[error.errno]}。"
            f"请换一个目录重试，例如 python -m simulator demo --dir ~/双拥通演示。"
        ) from None


@contextlib.contextmanager
def locked(folder: Folder) -> Iterator[TextIO]:
    """Keep other demos out of the folder: they would share its database and configuration.

    The file that is yielded is for the address of the chat page.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise FolderBusy(f"演示已经在运行，聊天页：{file.read() or '正在启动'}") from None
        file.truncate(0)
        yield file


def corp_of(folder: Folder) -> Corp:
    """Return the company of this folder; one with fresh secrets at the first start."""
    saved = store.load(folder.secrets)
    if saved is not None:
        try:
            return Corp(**saved)
        except TypeError:
            raise store.damaged(folder.secrets) from None
    corp = random_corp()
    store.save(folder.secrets, asdict(corp))
    return corp


def write_config(folder: Folder, wecom: Mapping[str, str | int], bot_port: int) -> None:
    """Write the bot's config.toml; `wecom` is its `[wecom]` section."""
    sections: dict[str, dict[str, str | int]] = {
        "wecom": dict(wecom),
        "database": {"url": f"sqlite:///{folder.database}"},
        "server": {
            "host": HOST,
            "port": bot_port,
            "public_url": f"http://{HOST}:{bot_port}",
        },
    }
    lines = ["# Written anew by each `make demo`; the secrets are good for the simulator only."]
    for name, keys in sections.items():
        # A JSON string, number or boolean is also a TOML one.
        values = (f"{key} = {json.dumps(value)}" for key, value in keys.items())
        lines += ["", f"[{name}]", *values]
    descriptor = os.open(folder.config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
