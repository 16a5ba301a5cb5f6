"""Callbacks a second and their latency: the echo, the bot on each database, the peers."""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bench import guests, office, shares, tables, targets
from bench.dialects import WeCom
from bench.pace import Pace
from bench.rounds import Candidate, WrongAnswer, open_bench
from bot.storage.database import Database
from bot.storage.progress import ReportRow
from simulator.corp import Corp, random_corp
from tests.support import databases

UNITS = 800
"""Enough that nobody sends more messages a minute than the bot takes."""
_WARM_UP = 150
_PROFILED = 300
_QUICK_UNITS, _QUICK_COUNT = 60, 32
_TOLERATED = 0.05
"""Of the bot's questions, for how well they are answered is measured elsewhere (tests/quality);
and of a peer's echoes, for what it loses is told in its row."""
_REPORT = "report"
_SUCCESS = "success"


def section(pace: Pace) -> str:
    """Return the tables of this section."""
    corp = random_corp()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return _rates(corp, Path(folder), pace) + "\n" + _profile(corp, Path(folder), pace)


def _rates(corp: Corp, folder: Path, pace: Pace) -> str:
    units = _QUICK_UNITS if pace.quick else UNITS
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        port = stack.enter_context(targets.echo(corp, log))
        ask = office.Crowd(units).questions
        echo = Candidate("wechatpy's echo", "text", port, WeCom(corp), ask, _same)
        others: list[Candidate] = []
        urls: dict[str, str] = {}
        for backend in targets.BACKENDS[: 1 if pace.quick else None]:
            port, url = stack.enter_context(targets.bot(corp, backend, folder, units, log))
            others += _of_the_bot(f"the bot, {backend.name}", port, corp, office.Crowd(units))
            urls[others[-1].server] = url
        visiting, absent = _visitors(stack, corp, folder, units)
        bench = stack.enter_context(open_bench(pace))
        bench.compare(echo, [*others, *visiting], _QUICK_COUNT if pace.quick else _WARM_UP)
        for one in others:
            if one.name == _REPORT:
                _all_there(one, urls[one.server])
        return tables.rates([echo, *others, *visiting], absent)


def _of_the_bot(server: str, port: int, corp: Corp, crowd: office.Crowd) -> list[Candidate]:
    bot = partial(Candidate, server, port=port, dialect=WeCom(corp))
    reports = partial(bot, texts=crowd.reports, right=crowd.is_booked)
    return [
        bot("question", texts=crowd.questions, right=crowd.is_answered, tolerated=_TOLERATED),
        reports(_REPORT),
        reports(f"redelivery of the {_REPORT}", repeated=True),
    ]


def _visitors(
    stack: ExitStack, corp: Corp, folder: Path, units: int
) -> tuple[list[Candidate], list[tuple[str, str]]]:
    """Return the peers that run, and those that do not with the reason."""
    here: list[Candidate] = []
    absent: list[tuple[str, str]] = []
    for peer in guests.PEERS:
        try:
            guest = stack.enter_context(guests.guest(peer, corp, folder))
        except guests.Absent as reason:
            absent.append((peer.title, str(reason)))
            continue
        ask = office.Crowd(units).questions
        right = _taken if peer.pushes else _same
        one = Candidate(peer.title, "text", guest.port, guest.dialect, ask, right, peer=True)
        one.settle, one.most, one.tolerated = guest.settle, peer.most, _TOLERATED
        here.append(one)
    return here, absent


def _same(text: str, answer: str) -> bool:
    return answer == text


def _taken(_text: str, answer: str) -> bool:
    return answer == _SUCCESS


def _all_there(reports: Candidate, url: str) -> None:
    """Every report that was acknowledged is in the database, and once only."""
    database = Database(url)
    try:
        stored = database.read(
            lambda session: session.scalar(select(func.count()).select_from(ReportRow))
        )
    finally:
        database.close()
    if stored != reports.answered:
        raise WrongAnswer(f"{reports.server}: {reports.answered} answered, {stored} booked")


def _profile(corp: Corp, folder: Path, pace: Pace) -> str:
    units = _QUICK_UNITS if pace.quick else UNITS
    url, crowd = databases.url("sqlite", folder), office.Crowd(units, seed=2)
    office.furnish(corp, url, units)
    count = _QUICK_COUNT if pace.quick else _PROFILED
    columns = [
        ("a question", shares.shares(corp, url, crowd.questions, count)),
        ("a report", shares.shares(corp, url, crowd.reports, count)),
    ]
    return tables.profile(columns)
