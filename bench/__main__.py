"""`make bench`: measures, prints, and writes the tables of docs/benchmarks.md."""

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from bench import document, office, shares, targets
from bench.callbacks import Sender
from bench.rounds import Candidate, Pace, WrongAnswer, open_bench
from bot.storage.database import Database
from bot.storage.progress import ReportRow
from simulator.corp import Corp, random_corp
from tests.support import databases

FULL = Pace(seconds=2.0, rounds=3, warm_up=300, units=800, backends=targets.BACKENDS)
QUICK = Pace(seconds=0.1, rounds=1, warm_up=32, units=60, backends=targets.BACKENDS[:1])
_BOOKED = "已记录"
_TOO_FAST = "太快"
_PROFILED = 300


def main() -> None:
    """Run everything; with --quick only to see that it works, without writing anything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: nothing is written")
    pace = QUICK if parser.parse_args().quick else FULL
    started = time.monotonic()
    corp = random_corp()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        text = _rates(corp, Path(folder), pace) + "\n" + _profile(corp, Path(folder), pace)
    text = f"{document.machine()}\n{text}"
    print(text)
    if pace is FULL:
        document.write(text)
    print(f"{time.monotonic() - started:.0f} s")


def _rates(corp: Corp, folder: Path, pace: Pace) -> str:
    sender, crowd = Sender(corp), office.Crowd(pace.units)
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        port = stack.enter_context(targets.echo(corp, log))
        echo = Candidate("", "wechatpy's echo", port, crowd.reports, bool)
        others: list[Candidate] = []
        urls: dict[str, str] = {}
        for backend in pace.backends:
            port, url = stack.enter_context(targets.bot(corp, backend, folder, pace.units, log))
            others += _candidates(backend.name, port, crowd)
            urls[backend.name] = url
        bench = stack.enter_context(open_bench(sender, pace))
        bench.compare(echo, others)
        for one in others:
            if one.name == _REPORT:
                _all_there(one, urls[one.backend])
        return document.table([echo, *others])


_QUESTION, _REPORT, _AGAIN = "question", "report", "redelivery of the report"


def _candidates(backend: str, port: int, crowd: office.Crowd) -> list[Candidate]:
    return [
        Candidate(backend, _QUESTION, port, crowd.questions, _answered),
        Candidate(backend, _REPORT, port, crowd.reports, _booked),
        Candidate(backend, _AGAIN, port, crowd.reports, _booked, repeated=True),
    ]


def _answered(answer: str) -> bool:
    return bool(answer) and _TOO_FAST not in answer


def _booked(answer: str) -> bool:
    return answer.startswith(_BOOKED)


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
        raise WrongAnswer(f"{reports.backend}: {reports.answered} answered, {stored} booked")


def _profile(corp: Corp, folder: Path, pace: Pace) -> str:
    url, crowd = databases.url("sqlite", folder), office.Crowd(pace.units, seed=2)
    office.furnish(corp, url, pace.units)
    count = _PROFILED if pace is FULL else pace.warm_up
    columns = [
        ("a question", shares.shares(corp, url, crowd.questions, count)),
        ("a report", shares.shares(corp, url, crowd.reports, count)),
    ]
    return document.profile(columns)


if __name__ == "__main__":
    main()
