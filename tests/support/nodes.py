"""Nodes of the bot: real processes, each on a host of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import requests

from simulator.callback import Transport, over_http
from tests.support.hosts import OUTER, Host
from tests.support.process import PROJECT, own_environment, wait_for, write_config

PORT = 8080
PATIENCE = 4.0
"""Seconds that the balancer waits for a node, so that WeCom's five seconds allow a second one."""


class Node:
    """`serve --role web` or `--role worker` on one host; `options` are further words."""

    def __init__(
        self,
        host: Host,
        role: str,
        folder: Path,
        url: str,
        wecom: Mapping[str, object],
        *options: str,
    ) -> None:
        self.host = host
        self.role = role
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / f"{host.name}.log"
        self._log.touch()
        self._read_from = 0
        self._config = write_config(
            folder / f"{host.name}.toml",
            wecom=wecom,
            database={"url": url},
            server={"host": host.address(OUTER), "port": PORT, "threads": 8},
            schedule={"pulse_seconds": 0.1},
            log={"level": "INFO"},
        )

    @property
    def callback(self) -> str:
        """Where WeCom calls it."""
        return f"http://{self.host.address(OUTER)}:{PORT}/wecom/callback"

    @property
    def log(self) -> str:
        """What it has written since it was started last."""
        return self._log.read_bytes()[self._read_from :].decode()

    def launch(self) -> None:
        """Start it, and do not wait."""
        command = [sys.executable, "-m", "bot", "--config", str(self._config), "serve"]
        self._read_from = self._log.stat().st_size
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.host.command(*command, "--role", self.role, *self._options),
                stdout=log,
                stderr=log,
                env=own_environment(no_proxy="*"),
                cwd=PROJECT,
            )

    def start(self) -> None:
        """Start it and wait until it works."""
        self.launch()
        self.wait()

    def wait(self) -> None:
        """Wait until a start is over."""
        wait_for(self._works)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        assert self._end(signal.SIGTERM) == 0, self.log[-3000:]

    def freeze(self) -> None:
        """Let it stand still, as a virtual machine that is paused."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None:
            self.kill()

    def status(self, path: str) -> int | None:
        """Return the status of a page; None when it cannot be had."""
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.get(self.callback.replace("/wecom/callback", path)).status_code
            except requests.ConnectionError:
                return None

    def _works(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log[-3000:]
        if self.role == "web":
            return self.status("/readyz") == 200
        return f"serving role={self.role}" in self.log

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return process.wait(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


class Balancer:
    """Hands each callback to one node, and when that fails to the next, as docs/operating.md says.

    It is a transport of the simulator. `answered` counts what it carried back.
    """

    def __init__(self, *nodes: Node) -> None:
        self._nodes: list[Transport] = [over_http(node.callback, PATIENCE) for node in nodes]
        self._turns = count()

    def __call__(self, query: str, body: bytes) -> tuple[int, bytes]:
        turn = next(self._turns)
        status, answer = 502, b""
        for step in range(len(self._nodes)):
            try:
                status, answer = self._nodes[(turn + step) % len(self._nodes)](query, body)
            except OSError:
                continue
            if status < 500:
                break
        return status, answer


@contextmanager
def started(*nodes: Node) -> Iterator[None]:
    """Start all at the same time, and leave nothing behind."""
    with ended(*nodes):
        start_together(*nodes)
        yield


def start_together(*nodes: Node) -> None:
    """Start all and wait until they work."""
    for node in nodes:
        node.launch()
    for node in nodes:
        node.wait()


@contextmanager
def ended(*nodes: Node) -> Iterator[None]:
    """Leave nothing behind of nodes that are started one after another."""
    try:
        yield
    finally:
        for node in nodes:
            node.close()
