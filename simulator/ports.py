"""A loopback port that nobody else listens on."""

import contextlib
import socket

from simulator.server import HOST


def free_port(wanted: int, taken: int = 0) -> int:
    """Return `wanted` when it is free and not `taken`, else one that the system picks."""
    for port in (wanted, 0):
        if port == taken and taken:
            continue
        with contextlib.suppress(OSError, OverflowError):
            return _bound(port)
    raise OSError("no free port")


def _bound(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])
