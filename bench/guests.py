"""The peers of the callbacks: who they are, and how their processes are started and stopped.

They live in `.venv-bench/callbacks`; `make bench` makes it of `bench/requirements/callbacks.txt`.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench import load
from bench.connections import HOST
from bench.dialects import Acknowledged, Dialect, PublicAccount, Webhook, WeCom
from bench.load import LoadError
from bench.peers.stub import WAIT
from bench.processes import as_json, port_of, process
from bench.rounds import CROWD
from simulator.corp import Corp

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "callbacks" / "bin" / "python"
PINS = ROOT / "bench" / "requirements" / "callbacks.txt"
_PATIENCE = 20.0
"""Seconds that a peer may take to start, and to answer what it has acknowledged."""


class Absent(Exception):
    """This peer cannot be measured here; says why."""


@dataclass(frozen=True)
class Peer:
    """A peer. `package` is what its version is pinned by, `module` what serves it."""

    name: str
    package: str
    module: str
    dialect: Callable[[Corp], Dialect]
    orders: tuple[str, ...] = ()
    pushes: bool = False
    """Whether it acknowledges first and pushes its answer to WeCom's API."""
    most: int = CROWD
    """Connections that it takes at a time; beyond, some wait a second for TCP to try again."""
    python: Path = PYTHON

    @property
    def title(self) -> str:
        """The name with the version that is pinned."""
        rows = (row.split(" ")[0].partition("==") for row in PINS.read_text("utf-8").splitlines())
        pins = {name: version for name, _, version in rows}
        return self.name.format(version=pins[self.package])


PEERS = (
    Peer("WeRoBot {version} on wsgiref", "werobot", "werobot", PublicAccount, ("wsgiref",), most=4),
    Peer("WeRoBot {version} on waitress", "werobot", "werobot", PublicAccount, ("waitress",)),
    Peer("wecom-app-svr {version}", "wecom-app-svr", "wecom_app_svr", WeCom),
    Peer("errbot {version}, webhook", "errbot", "errbot", Webhook),
    Peer(
        "wechatcom of chatgpt-on-wechat, rebuilt on web.py {version}",
        "web-py",
        "wechatcom",
        Acknowledged,
        pushes=True,
        most=8,
    ),
)


@dataclass(frozen=True)
class Guest:
    """A peer that runs."""

    port: int
    dialect: Dialect
    settle: Callable[[int], None] | None


@contextmanager
def guest(peer: Peer, corp: Corp, folder: Path) -> Iterator[Guest]:
    """Lend a running peer; its files and its log go to a folder of its own. Raises Absent."""
    if not peer.python.exists():
        raise Absent(f"not installed, there is no {os.path.relpath(peer.python, ROOT)}")
    home = folder / peer.title.replace(" ", "-")
    home.mkdir()
    with ExitStack() as stack:
        log = stack.enter_context((home / "log").open("wb"))
        orders, settle = list(peer.orders), None
        if peer.pushes:
            stub = port_of(
                stack.enter_context(process([sys.executable, "-m", "bench.peers.stub"], log))
            )
            assert stub, "the stub is ours"
            orders.append(str(stub))
            settle = _settling(stub)
        port, dialect = free_port(), peer.dialect(corp)
        command = [str(peer.python), "-m", f"bench.peers.{peer.module}", as_json(corp), str(port)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = stack.enter_context(process([*command, *orders], log, home, environment))
        _await(port, dialect, lambda: running.poll() is not None, home / "log")
        yield Guest(port, dialect, settle)


def _await(port: int, dialect: Dialect, ended: Callable[[], bool], log: Path) -> None:
    """Return when a first message is answered."""
    until = time.monotonic() + _PATIENCE
    request = dialect.requests([("guest", "在吗？")])
    while True:
        try:
            load.closed(port, request, 1)
        except LoadError:
            if ended() or time.monotonic() > until:
                lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
                last = next((line for line in reversed(lines) if line.strip()), "no word")
                raise Absent(f"did not start: {last.strip()[:100]}") from None
            time.sleep(0.1)
        else:
            return


def _settling(port: int) -> Callable[[int], None]:
    def settle(answered: int) -> None:
        connection = HTTPConnection(HOST, port, timeout=_PATIENCE)
        try:
            connection.request("GET", f"{WAIT}{answered + 1}")  # one more: the first of all
            connection.getresponse().read()
        except OSError:
            raise LoadError(f"{answered} acknowledged, but not all answered") from None
        finally:
            connection.close()

    return settle


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
