"""Keeps on disk what the next start goes on from."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simulator import store
from simulator.world import World

LOOK_SECONDS = 0.3
CLOCK_SECONDS = 3.0
"""While nothing happens only the clock moves on; so much of it may be lost in a crash."""


class Saver:
    """Saves soon after each change. `tell` gets one line when the disk refuses."""

    def __init__(self, path: Path, world: World, tell: Callable[[str], None]) -> None:
        self._path = path
        self._world = world
        self._tell = tell
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._refused = False

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Keep saving until the end, and then once more."""
        thread = threading.Thread(target=self._keep, name="saver", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()
            self.save()

    def save(self) -> None:
        """Save now."""
        with self._lock:
            try:
                store.save(self._path, self._world.dump())
            except OSError:
                if not self._refused:
                    self._tell(f"存不了 {self._path}（磁盘满或没有权限），演示照常进行。")
                self._refused = True
            else:
                self._refused = False

    def _keep(self) -> None:
        seen, again = -1, 0.0
        while not self._ended.wait(LOOK_SECONDS):
            changed = self._world.conversations.changed
            if changed != seen or time.monotonic() >= again:
                self.save()
                seen, again = changed, time.monotonic() + CLOCK_SECONDS
