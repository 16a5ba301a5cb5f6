"""Calls and seconds to tell 100,000 people one thing at 50 ms a call: `make bench SECTIONS=fanout`.

Ours are real reminders through the outbox. One call each is measured on a sample, over one
connection and over as many as we use, and multiplied.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import backlog, wecom
from bench.pace import Pace
from bench.wecom import Stub
from bot.app import Bot
from bot.outbox.delivery import CONNECTIONS
from bot.wecom.outgoing import text
from tests.support import databases

PEOPLE = 100_000
LATENCY = 50
"""Milliseconds until a call is answered."""
_KINDS = {"sqlite": "SQLite, FULL", "postgresql": "PostgreSQL"}


def section(pace: Pace) -> str:
    """Return the table in Markdown."""
    people, sample = (2000, 16) if pace.quick else (PEOPLE, 320)
    rows = [
        f"| {people} people, {LATENCY} ms a call | calls | seconds |",
        "|---|---:|---:|",
    ]
    with tempfile.TemporaryDirectory(prefix="bench-fanout-") as name:
        for kind, title in _KINDS.items():
            url = databases.url(kind, Path(name))
            with wecom.running(LATENCY) as stub, backlog.opened(url, stub.address) as bot:
                calls, seconds = _ours(bot, stub, people)
                rows.append(f"| our outbox, {title} | {calls} | {seconds:.1f} |")
                if kind == "sqlite":
                    rows += _alone(bot, people, sample)
            if kind == "postgresql":
                databases.drop(url)
    return "\n".join(rows) + "\n"


def _ours(bot: Bot, stub: Stub, people: int) -> tuple[int, float]:
    backlog.furnish(bot, people)
    backlog.plan(bot)
    delivery = bot.delivery()
    started = time.perf_counter()
    delivery.drain()
    seconds = time.perf_counter() - started
    seen = stub.seen()
    if (seen.seen, seen.twice) != (people, 0):
        raise RuntimeError(f"{seen} for {people} people")
    return seen.calls, seconds


def _alone(bot: Bot, people: int, sample: int) -> list[str]:
    """Return rows for one call each; nothing is stored and nothing is tried again."""
    client = bot.client()
    client.check()
    rows = []
    for connections in (CONNECTIONS, 1):
        messages = [text((f"alone-{connections}-{number}",), "请报告") for number in range(sample)]
        started = time.perf_counter()
        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(client.send, messages))
        seconds = (time.perf_counter() - started) / sample * people
        name = f"one call each, {connections} connection{'s' if connections > 1 else ''}"
        rows.append(f"| {name} (from {sample} calls) | {people} | {seconds:.0f} |")
    return rows
