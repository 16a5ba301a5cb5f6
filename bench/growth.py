"""What a message costs after years: `make bench SECTIONS=growth`.

Each figure is the median of many, with 1,000 to 1,000,000 stored messages.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from bench import backlog, history
from bench.dialects import PATH
from bench.pace import Pace
from bot.app import Bot
from bot.clock import ManualClock
from bot.outbox.delivery import Delivery
from bot.services.health import Health
from bot.wecom.client import SendResult
from simulator.corp import Corp, random_corp
from simulator.crypto import Envelope
from simulator.inbound import Writer
from simulator.sealing import sealed
from tests.support import databases

SIZES = (1000, 10_000, 100_000, 1_000_000)
PEOPLE = 2000
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_QUESTIONS = ("第11条", "第7条说什么？", "军人子女上学有什么优待？", "国防教育要做什么？")


@dataclass(frozen=True)
class Cost:
    """Microseconds of one piece of work; `cpu` counts this process only, not PostgreSQL's."""

    wall: float
    cpu: float


class _Taker:
    """A WeCom that takes everything at once."""

    def send_bytes(self, body: bytes) -> SendResult:
        """Take it."""
        assert body
        return SendResult("msg", "", (), ())


class _Office:
    """A bot whose work is measured."""

    def __init__(self, bot: Bot, corp: Corp) -> None:
        self._bot = bot
        self._clock = bot.clock
        self._client = Client(bot.flask())
        self._corp = corp
        self._writer = Writer(corp)
        self._envelope = Envelope(corp.token, corp.encoding_aes_key, corp.corp_id)
        self._runner = bot.runner()
        self._health = Health(bot.database, bot.clock, bot.machine_clock)
        self._delivery: Delivery = replace(bot.delivery(), sender=_Taker())
        self._number = 0

    def measure(self, count: int) -> dict[str, Cost]:
        """Return what each kind of work costs now."""
        backlog.chase(self._bot)
        return {
            "a question": _median(self._question, range(count)),
            "a report": _median(self._report, range(count)),
            "a reminder, of 2,000 drained": _of_each(self._delivery.drain, PEOPLE),
            "a pulse of the jobs": _median(self._pulse, range(count // 8)),
            "a scrape of /metrics": _median(self._scrape, range(count // 8)),
        }

    def _question(self, number: int) -> None:
        self._say(_QUESTIONS[number % len(_QUESTIONS)])

    def _report(self, number: int) -> None:
        self._say(f"第{backlog.POINT}条 推进中，走访部队{number + 1}个")

    def _say(self, text: str) -> None:
        self._number += 1
        now = self._clock.now()
        plaintext = self._writer.message(
            f"contact-{self._number % PEOPLE}", now, "text", {"Content": text}
        )
        query, body = sealed(self._corp, self._envelope, plaintext, now)
        answer = self._client.post(f"{PATH}?{query}", data=body)
        if answer.status_code != 200 or not answer.data:
            raise RuntimeError(f"{answer.status}")

    def _pulse(self, _number: int) -> None:
        assert isinstance(self._clock, ManualClock)
        self._clock.advance(timedelta(minutes=1))
        self._runner.pulse()

    def _scrape(self, _number: int) -> None:
        self._health.metrics()


def section(pace: Pace) -> str:
    """Return the tables in Markdown."""
    sizes, count = (SIZES[:2], 16) if pace.quick else (SIZES, 160)
    return "\n".join(
        _table(title, sizes, _costs(kind, sizes, count)) for kind, title in _KINDS.items()
    )


def _costs(kind: str, sizes: Iterable[int], count: int) -> list[dict[str, Cost]]:
    corp, found = random_corp(), []
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as name:
        url = databases.url(kind, Path(name))
        try:
            with backlog.opened(url, "http://127.0.0.1:9", corp) as bot:
                backlog.furnish(bot, PEOPLE)
                office, before = _Office(bot, corp), 0
                for size in sizes:
                    history.grow(bot, PEOPLE, before, size)
                    before = size
                    office.measure(max(8, count // 10))  # caches are filled, statements prepared
                    found.append(office.measure(count))
        finally:
            if kind == "postgresql":
                databases.drop(url)
    return found


def _median(work: Callable[[int], Any], numbers: Iterable[int]) -> Cost:
    costs = [_once(work, number) for number in numbers]
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
    )


def _of_each(work: Callable[[], Any], pieces: int) -> Cost:
    cost = _once(lambda _number: work(), 0)
    return Cost(cost.wall / pieces, cost.cpu / pieces)


def _once(work: Callable[[int], Any], number: int) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    work(number)
    return Cost(1e6 * (time.perf_counter() - wall), 1e6 * (time.process_time() - cpu))


def _table(title: str, sizes: Iterable[int], costs: list[dict[str, Cost]]) -> str:
    heads = " | ".join(f"{size:,}" for size in sizes)
    rows = [
        f"| {title}: µs (of these CPU) at so many stored messages | {heads} | last : first |",
        "|---|" + "---:|" * (len(costs) + 1),
    ]
    for name in costs[0]:
        found = [cost[name] for cost in costs]
        cells = " | ".join(f"{cost.wall:.0f} ({cost.cpu:.0f})" for cost in found)
        ratio = f"{found[-1].wall / found[0].wall:.2f} ({found[-1].cpu / found[0].cpu:.2f})"
        rows.append(f"| {name} | {cells} | {ratio} |")
    return "\n".join(rows) + "\n"
