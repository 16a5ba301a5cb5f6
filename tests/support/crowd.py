"""People who report at the same time, each something different, until the bot is gone."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

from simulator.callback import Delivery
from simulator.harness import Simulator
from tests.support.process import wait_for
from tests.support.town import CONTACTS

AT_ONCE = 8


class Crowd:
    """Eight of the contacts at a time."""

    def __init__(self, wecom: Simulator) -> None:
        self._wecom = wecom
        self._numbers = count(1)
        self._lock = threading.Lock()
        self.sent: dict[str, Delivery] = {}

    @property
    def acknowledged(self) -> set[str]:
        """What the bot answered."""
        with self._lock:
            return {text for text, delivery in self.sent.items() if delivery.received}

    @contextmanager
    def reporting(self, most: int) -> Iterator[None]:
        """Report meanwhile; begin when so many more reports were acknowledged."""
        enough = len(self.acknowledged) + most
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in range(AT_ONCE):
                pool.submit(self._report)
            wait_for(lambda: len(self.acknowledged) >= enough)
            yield

    def report_until_nobody_answers(self) -> None:
        """Report until the bot dies by itself."""
        with self.reporting(0):
            pass

    def redeliver(self) -> None:
        """Let WeCom deliver all of it once more; each gets the answer it got or should get."""
        for delivery in self.sent.values():
            [again] = self._wecom.phones.redeliver(delivery, 1)
            assert again.text
            assert again.text.startswith("已记录：")
            assert delivery.text in {None, again.text}

    def _report(self) -> None:
        received = True
        while received:
            number = next(self._numbers)
            text = f"第20条 推进中，走访部队{number}个"
            delivery = self._wecom.phones.say(f"u{number % CONTACTS + 1}", text)
            received = delivery.received
            with self._lock:
                self.sent[text] = delivery
