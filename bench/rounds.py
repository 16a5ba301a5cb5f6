"""Interleaved rounds: every candidate runs once in each, so that all share the machine's moods."""

import multiprocessing
import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from bench import load
from bench.callbacks import Sender
from bench.load import Outcome
from bench.office import Text
from bench.targets import Backend

CONNECTIONS = 16
"""Connections of the closed loop."""
CROWD = 64
"""Connections of the open loop: enough that a request need not wait for one."""


class WrongAnswer(Exception):
    """The server answered quickly, but not what it should have."""


@dataclass(frozen=True)
class Pace:
    """How long, how often, and on what."""

    seconds: float
    """Of one run."""
    rounds: int
    warm_up: int
    """Requests of the first run, which is not counted."""
    units: int
    """Enough that nobody sends more messages a minute than the bot takes."""
    backends: tuple[Backend, ...]


@dataclass(eq=False)
class Candidate:
    """One row of the table: what is sent where, and what must come back."""

    backend: str
    name: str
    port: int
    texts: Callable[[int], list[Text]]
    right: Callable[[str], bool]
    repeated: bool = False
    """Whether the last run's messages are sent again, byte for byte."""
    outcomes: list[Outcome] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    half_load: Outcome | None = None
    answered: int = 0
    """Messages that were acknowledged in all runs, the warm-up included."""

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return statistics.median(outcome.rate for outcome in self.outcomes)

    @property
    def ratio(self) -> float:
        """The rate as a share of the echo's in the same round, the median of the rounds."""
        return statistics.median(self.ratios)

    def milliseconds(self, share: float) -> float:
        """Return the latency that `share` of the requests stay within, the median of the rounds."""
        return 1000 * statistics.median(item.percentile(share) for item in self.outcomes)


@dataclass
class Bench:
    """Runs candidates from a process of its own, and checks every single answer."""

    sender: Sender
    pool: ProcessPoolExecutor
    pace: Pace
    _last: tuple[list[Text], list[bytes]] = ([], [])

    def compare(self, echo: Candidate, others: Sequence[Candidate]) -> None:
        """Fill in the outcomes of all candidates; the echo leads each round."""
        rates = {id(one): self._closed(one, self.pace.warm_up).rate for one in (echo, *others)}
        for _ in range(self.pace.rounds):
            for one in (echo, *others):
                outcome = self._closed(one, int(rates[id(one)] * self.pace.seconds))
                one.outcomes.append(outcome)
                one.ratios.append(outcome.rate / echo.outcomes[-1].rate)
                rates[id(one)] = outcome.rate
        for one in (echo, *others):
            one.half_load = self._opened(one, one.rate / 2)

    def _closed(self, one: Candidate, count: int) -> Outcome:
        return self._run(one, count, partial(load.closed, connections=CONNECTIONS))

    def _opened(self, one: Candidate, rate: float) -> Outcome:
        count = int(rate * self.pace.seconds)
        return self._run(one, count, partial(load.opened, connections=CROWD, rate=rate))

    def _run(
        self, one: Candidate, count: int, send: Callable[[int, Sequence[bytes]], Outcome]
    ) -> Outcome:
        texts, requests = self._requests(one, max(count, CONNECTIONS))
        outcome = self.pool.submit(send, one.port, requests).result()
        self._check(one, texts, outcome)
        self._last = texts, requests
        return outcome

    def _requests(self, one: Candidate, count: int) -> tuple[list[Text], list[bytes]]:
        if one.repeated:
            texts, requests = self._last
            times = -(-count // len(texts))
            return (texts * times)[:count], (requests * times)[:count]
        texts = one.texts(count)
        return texts, self.sender.requests(texts)

    def _check(self, one: Candidate, texts: Sequence[Text], outcome: Outcome) -> None:
        for (userid, text), body in zip(texts, outcome.answers, strict=True):
            answer = self.sender.text(userid, body)
            if not one.right(answer):
                raise WrongAnswer(f"{one.backend} {one.name}: {text!r} was answered {answer!r}")
        one.answered += len(texts)


@contextmanager
def open_bench(sender: Sender, pace: Pace) -> Iterator[Bench]:
    """Lend a bench whose load comes from another process."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        yield Bench(sender, pool, pace)
