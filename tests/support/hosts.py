"""Hosts on this machine: each is a network namespace with cables to two switches.

The inner network leads to the database, the outer one to WeCom and to whoever calls the nodes.
This process stands at both, with address .1. A cable that is cut lets packets vanish, as a broken
switch does: nobody is told, connections hang. Needs root and iproute2.

Every run has a number of its own, which a lock holds: it ends with the run, however that ends, and
whoever takes the number next clears away what was left.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

INNER, OUTER = "in", "out"
_SUBNETS = {INNER: "198.19", OUTER: "198.18"}
"""RFC 2544: for tests of networks, so that no office uses them."""
_REFUSALS = ("not permitted", "not supported", "Unknown device type", "Permission denied")
_NUMBERS = range(1, 200)
_NAMESPACES = Path("/run/netns")
_LINKS = Path("/sys/class/net")


@dataclass
class Host:
    """One host. What it runs is started with `command`."""

    run: int
    number: int
    networks: Sequence[str] = (INNER, OUTER)

    @property
    def name(self) -> str:
        """The name of its namespace."""
        return f"bot{self.run}-{self.number}"

    def address(self, network: str) -> str:
        """Return its address in one of the two networks."""
        return _address(self.run, network, self.number)

    def command(self, *words: str, user: int | None = None) -> list[str]:
        """Return the command that runs `words` on this host, as root or as that user and group."""
        as_user = () if user is None else (f"--setuid={user}", f"--setgid={user}")
        return ["nsenter", f"--net={_NAMESPACES / self.name}", *as_user, "--", *words]

    def cut(self, *networks: str) -> None:
        """Let everything vanish that goes to or comes from there."""
        for network in networks:
            _ip("link", "set", self._cable(network), "nomaster")

    def mend(self, *networks: str) -> None:
        """Plug the cables in again."""
        for network in networks:
            _ip("link", "set", self._cable(network), "master", _switch(self.run, network))

    def build(self) -> None:
        """Make the namespace and lay the cables."""
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        for network in self.networks:
            end = ("peer", "name", network, "netns", self.name)
            _ip("link", "add", self._cable(network), "type", "veth", *end)
            self.mend(network)
            _ip("link", "set", self._cable(network), "up")
            address = f"{self.address(network)}/24"
            _ip("-n", self.name, "address", "add", address, "dev", network)
            _ip("-n", self.name, "link", "set", network, "up")

    def _cable(self, network: str) -> str:
        return f"bot{self.run}-{self.number}{network}"


@dataclass
class Hosts:
    """The networks of one run and the hosts in them; `folder` is removed with them."""

    run: int
    folder: Path
    hosts: list[Host] = field(default_factory=list)

    @property
    def here(self) -> str:
        """The address under which the hosts reach this process."""
        return _address(self.run, OUTER, 1)

    def add(self, *networks: str) -> Host:
        """Return a new host, at both networks unless told otherwise."""
        host = Host(self.run, len(self.hosts) + 2, networks or (INNER, OUTER))
        self.hosts.append(host)
        host.build()
        return host

    def close(self) -> None:
        """End what still runs on the hosts, and take them away."""
        _clear(self.run)


@cache
def missing() -> str:
    """Return why there can be no hosts here; empty when there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip") or not shutil.which("nsenter"):
        return "network namespaces need iproute2 and util-linux"
    try:
        with opened() as hosts:
            hosts.add()
    except subprocess.CalledProcessError as error:
        if any(word in error.stderr for word in _REFUSALS):
            return f"this machine allows no network namespaces: {error.stderr.strip()}"
        raise
    return ""


@contextlib.contextmanager
def opened() -> Iterator[Hosts]:
    """Lend two networks without hosts."""
    with _number() as run:
        _clear(run)
        try:
            folder = _folder(run)
            folder.mkdir()
            for network in (INNER, OUTER):
                _ip("link", "add", _switch(run, network), "type", "bridge")
                address = f"{_address(run, network, 1)}/24"
                _ip("address", "add", address, "dev", _switch(run, network))
                _ip("link", "set", _switch(run, network), "up")
            yield Hosts(run, folder)
        finally:
            _clear(run)


@contextlib.contextmanager
def _number() -> Iterator[int]:
    """Lend a number that no other living run has."""
    for number in _NUMBERS:
        with _folder(number).with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    raise RuntimeError("all numbers of networks are taken")


def _folder(run: int) -> Path:
    return Path(tempfile.gettempdir()) / f"bot-hosts-{run}"


def _clear(run: int) -> None:
    for namespace in _NAMESPACES.glob(f"bot{run}-*"):
        for pid in _ip("netns", "pids", namespace.name).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    # A namespace goes later than its name does, and so would its cables: they are taken away first.
    for link in _LINKS.glob(f"bot{run}-*"):
        _ip("link", "delete", link.name)
    for network in (INNER, OUTER):
        if (_LINKS / _switch(run, network)).exists():
            _ip("link", "delete", _switch(run, network))
    for namespace in _NAMESPACES.glob(f"bot{run}-*"):
        _ip("netns", "delete", namespace.name)
    shutil.rmtree(_folder(run), ignore_errors=True)


def _switch(run: int, network: str) -> str:
    return f"bot{run}{network}"


def _address(run: int, network: str, number: int) -> str:
    return f"{_SUBNETS[network]}.{run}.{number}"


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=True)
    return done.stdout
