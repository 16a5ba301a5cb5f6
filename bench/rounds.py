"""Interleaved rounds: every candidate runs once in each, so that all share the machine's moods."""

import math
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from bench import load
from bench.dialects import Dialect, Text
from bench.load import LoadError, Outcome
from bench.pace import Pace
from simulator.passive import ReplyError

CONNECTIONS = 16
"""Connections of the closed loop."""
CROWD = 64
"""Connections of the open loop: enough that a request need not wait for one."""


class WrongAnswer(Exception):
    """The server answered quickly, but not what it should have."""


@dataclass(eq=False)
class Candidate:
    """One row of the table: what is sent where, and what must come back."""

    server: str
    name: str
    port: int
    dialect: Dialect
    texts: Callable[[int], list[Text]]
    right: Callable[[str, str], bool]
    """Whether the second text answers the first."""
    peer: bool = False
    """A peer that fails leaves the run and says so in its row; of our own it ends the run."""
    repeated: bool = False
    """Whether the last run's messages are sent again, byte for byte."""
    settle: Callable[[int], None] | None = None
    """Waits until so many messages in all are not only acknowledged, but answered."""
    tolerated: float = 0.0
    """The share of a run's answers that may be wrong."""
    most: int = CROWD
    """Connections that the server takes at a time without turning some away."""
    outcomes: list[Outcome] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    half_load: Outcome | None = None
    answered: int = 0
    """Messages that were acknowledged in all runs, the warm-up included."""
    wrong: int = 0
    """Of those, how many were answered wrongly or not at all."""
    failure: str = ""

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return statistics.median(outcome.rate for outcome in self.outcomes)

    @property
    def ratio(self) -> float:
        """The rate as a share of the echo's in the same round, the median of the rounds."""
        return statistics.median(self.ratios)

    @property
    def reconnects(self) -> bool:
        """Whether the server ends its connections after each answer."""
        made = sum(one.connected - self.connections for one in self.outcomes)
        answers = sum(len(one.answers) - self.connections for one in self.outcomes)
        return 2 * made > answers

    @property
    def connections(self) -> int:
        """Connections of the closed loop."""
        return min(CONNECTIONS, self.most)

    @property
    def settled(self) -> tuple[float, float]:
        """Return messages a second until all are answered, and its share of the echo's rate."""
        rates = [outcome.settled_rate for outcome in self.outcomes]
        echo = [one.rate / ratio for one, ratio in zip(self.outcomes, self.ratios, strict=True)]
        ratios = [rate / other for rate, other in zip(rates, echo, strict=True)]
        return statistics.median(rates), statistics.median(ratios)

    def milliseconds(self, share: float) -> float:
        """Return the latency that `share` of the requests stay within, the median of the rounds."""
        return 1000 * statistics.median(item.percentile(share) for item in self.outcomes)


@dataclass
class Bench:
    """Runs candidates from a process of its own, and checks every single answer."""

    pool: ProcessPoolExecutor
    pace: Pace
    _last: tuple[list[Text], list[bytes]] = ([], [])
    _rates: dict[int, float] = field(default_factory=dict)

    def compare(self, echo: Candidate, others: Sequence[Candidate], warm_up: int) -> None:
        """Fill in the outcomes of all candidates; the echo leads each round.

        The first `warm_up` requests to each are not counted.
        """
        everyone = (echo, *others)
        for one in everyone:
            self._attempt(one, partial(self._warm_up, one, warm_up))
        for _ in range(self.pace.rounds):
            for one in everyone:
                self._attempt(one, partial(self._round, one, echo))
        for one in everyone:
            self._attempt(one, partial(self._half_load, one))

    def _attempt(self, one: Candidate, run: Callable[[], None]) -> None:
        if one.failure:
            return
        try:
            run()
        except (LoadError, ReplyError, WrongAnswer) as error:
            if not one.peer:
                raise
            one.failure = str(error) or type(error).__name__

    def _warm_up(self, one: Candidate, count: int) -> None:
        self._rates[id(one)] = self._closed(one, count).rate

    def _round(self, one: Candidate, echo: Candidate) -> None:
        outcome = self._closed(one, int(self._rates[id(one)] * self.pace.seconds))
        one.outcomes.append(outcome)
        one.ratios.append(outcome.rate / echo.outcomes[-1].rate)
        self._rates[id(one)] = outcome.rate

    def _half_load(self, one: Candidate) -> None:
        rate = one.rate / 2
        send = partial(load.opened, connections=one.most, rate=rate)
        one.half_load = self._run(one, int(rate * self.pace.seconds), send)

    def _closed(self, one: Candidate, count: int) -> Outcome:
        return self._run(one, count, partial(load.closed, connections=one.connections))

    def _run(
        self, one: Candidate, count: int, send: Callable[[int, Sequence[bytes]], Outcome]
    ) -> Outcome:
        texts, requests = self._requests(one, max(count, CONNECTIONS))
        outcome = self.pool.submit(send, one.port, requests).result()
        one.answered += len(texts)
        if one.settle:
            started = time.perf_counter()
            one.settle(one.answered)
            outcome = replace(outcome, settling=time.perf_counter() - started)
        self._check(one, texts, outcome)
        self._last = texts, requests
        return outcome

    def _requests(self, one: Candidate, count: int) -> tuple[list[Text], list[bytes]]:
        if one.repeated:
            texts, requests = self._last
            times = -(-count // len(texts))
            return (texts * times)[:count], (requests * times)[:count]
        texts = one.texts(count)
        return texts, one.dialect.requests(texts)

    def _check(self, one: Candidate, texts: Sequence[Text], outcome: Outcome) -> None:
        pairs = (
            (text, one.dialect.text(userid, body))
            for (userid, text), body in zip(texts, outcome.answers, strict=True)
        )
        wrong = [(text, answer) for text, answer in pairs if not one.right(text, answer)]
        one.wrong += len(wrong)
        if len(wrong) > math.ceil(one.tolerated * len(texts)):
            text, answer = wrong[0]
            said = f"{len(wrong)} of {len(texts)} answers were wrong, {text!r} got {answer!r}"
            raise WrongAnswer(f"{said} ({one.server}, {one.name})")


@contextmanager
def open_bench(pace: Pace) -> Iterator[Bench]:
    """Lend a bench whose load comes from another process."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        yield Bench(pool, pace)
