"""How these programs are told to end: Ctrl-C, SIGTERM, or a terminal that is closed."""

import signal
from types import FrameType

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen_for_the_end() -> None:
    """Let the first of these signals raise KeyboardInterrupt, once; `nohup` keeps its promise."""
    for name in ENDINGS:
        if name is not signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not cut short what the first one began.
    for name in ENDINGS:
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt
