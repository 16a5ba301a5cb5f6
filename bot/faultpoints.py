"""Where a test may kill this process: at exactly one step, as a power cut would.

`reached(name)` stands at each step of a message's way in and out. It does nothing unless the
command line armed that very point from `BOT_FAULT_POINT=name:n`; then the n-th pass ends the
process with SIGKILL. Why this cannot happen in an office: docs/decisions/0009-fault-points.md.
"""

import os
import signal
import threading
from urllib.parse import urlsplit

from bot.errors import ConfigError

VARIABLE = "BOT_FAULT_POINT"
OUTBOUND = (
    "job.due",
    "job.taken",
    "job.done",
    "job.committed",
    "claim.begin",
    "claim.taken",
    "claim.committed",
    "prepare.done",
    "prepare.recorded",
    "freeze.begin",
    "freeze.stored",
    "freeze.committed",
    "call.answered",
    "record.stored",
    "record.committed",
    "release.begin",
    "release.stored",
    "release.committed",
    "token.leased",
    "token.fetched",
)
"""The steps of a reminder: `.taken`, `.done` and `.stored` are before the commit."""
INBOUND = (
    "callback.opened",
    "inbox.accepted",
    "inbox.handled",
    "inbox.stored",
    "inbox.committed",
    "callback.sealed",
)
"""The steps of a message: `inbox.accepted` to `inbox.stored` are before the commit."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _Fuse:
    """Counts the passes of one point."""

    def __init__(self) -> None:
        self.point = ""
        self._left = 0
        self._lock = threading.Lock()

    def set(self, point: str, passes: int) -> None:
        self._left = passes
        self.point = point

    def burn(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


_fuse = _Fuse()


def reached(point: str) -> None:
    """Pass a point; this is where an armed process dies."""
    if _fuse.point == point:
        _fuse.burn()


def arm(setting: str, api_base_url: str) -> None:
    """Let the process die at the n-th pass of a point, written `name:n`.

    ConfigError for a point that does not exist, and for any WeCom but a simulator on this
    machine: whoever has the variable by mistake is told before anything starts.
    """
    point, _, passes = setting.partition(":")
    if point not in OUTBOUND + INBOUND or not passes.isdecimal() or int(passes) < 1:
        raise ConfigError(
            f"环境变量 {VARIABLE} 只供测试使用，写法应形如 call.answered:3；正式运行请删除它。"
        )
    if urlsplit(api_base_url).hostname not in _LOOPBACK:
        raise ConfigError(
            f"环境变量 {VARIABLE} 会让程序中途退出，只能在连接本机模拟器时使用，请删除它。"
        )
    _fuse.set(point, int(passes))
