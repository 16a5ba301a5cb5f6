"""Runs a command that does not outlive this process, however it is ended: SIGKILL included."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
"""linux/prctl.h: the signal that the kernel sends when the thread that started it ends.

It is sent again for each thread that inherits the child in the last moments: a signal that can
be handled would come as a burst.
"""


def tethered(command: Sequence[str]) -> list[str]:
    """Return the command line that runs `command`; it needs the checkout as its directory."""
    return [sys.executable, "-m", "simulator.tether", str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> None:
    """Become `command`, unless `parent` has ended already. Only Linux knows the signal."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - our own command


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
