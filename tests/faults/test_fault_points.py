"""The process dies at each step of its work: nothing is lost, nobody sees anything twice.

Each test is a real process that kills itself at one point (`bot/faultpoints.py`) and another that
goes on from what the first one left in the database; the simulator counts what people see.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.faultpoints import INBOUND, OUTBOUND
from bot.outbox.delivery import CONNECTIONS
from simulator.faults import Effect
from simulator.harness import Simulator
from tests.support import databases
from tests.support.crowd import Crowd
from tests.support.town import (
    REMINDED,
    REMINDER,
    booked,
    contacts,
    let_leases_run_out,
    running,
    town,
    town_before_nine,
    town_with_reminders,
    wait_until_all_is_sent,
)

pytestmark = pytest.mark.slow
WHEN = {
    "job": 1,
    "claim": 1,
    "prepare": 1,
    "freeze": 11,
    "call": 9,
    "record": 8,
    "release": 2,
    "token": 1,
}
"""At which pass the process dies: in the middle of the twenty calls where there are as many."""
PLANNING = [point for point in OUTBOUND if point.startswith("job.")]
SENDING = [point for point in OUTBOUND if point not in PLANNING]


Place = Callable[[str, Path], str]


@pytest.fixture(params=databases.KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Place], str]]:
    """Makes a town's database."""
    made: list[str] = []

    def make_one(place: Place) -> str:
        made.append(place(request.param, tmp_path))
        return made[-1]

    yield make_one
    if request.param == "postgresql":
        for url in made:
            databases.drop(url)


Make = Callable[[Place], str]


def test_every_point_is_tried() -> None:
    assert {point.split(".")[0] for point in OUTBOUND} == set(WHEN)


@pytest.mark.parametrize("point", PLANNING)
def test_reminders_are_planned_once(point: str, make: Make, tmp_path: Path) -> None:
    remind(make(town_before_nine), tmp_path, point)


@pytest.mark.parametrize("point", SENDING)
def test_reminders_are_sent_once(point: str, make: Make, tmp_path: Path) -> None:
    remind(make(town_with_reminders), tmp_path, point)


def remind(url: str, folder: Path, point: str) -> None:
    """Die at `point`, start again, and count what 1,000 people see."""
    with running(url, folder) as (simulator, bot):
        if point.startswith("release."):
            simulator.faults.set("message/send", Effect.ERRCODE, 45009, times=CONNECTIONS)
        bot.start_to_die(
            f"{point}:{WHEN[point.split('.', maxsplit=1)[0]]}", "--start-at", at(minutes=1)
        )
        bot.wait_for_death()
        assert f"this process is to die at {point}" in bot.says
        let_leases_run_out(url)
        simulator.faults.clear()
        bot.start("--start-at", at(minutes=30))
        wait_until_all_is_sent(url)
        bot.kill()
        assert seen(simulator) == Counter(contacts()), "lost or doubled"


def at(minutes: int) -> str:
    return (REMINDED + timedelta(minutes=minutes)).isoformat()


def seen(simulator: Simulator) -> Counter[str]:
    """Return how many messages each contact got; all of them must be the reminder."""
    pushes = {userid: simulator.pushes(userid) for userid in contacts()}
    assert all(text.startswith(REMINDER) for texts in pushes.values() for text in texts)
    return Counter({userid: len(texts) for userid, texts in pushes.items()})


@pytest.mark.parametrize("point", INBOUND)
def test_messages_are_booked_once(point: str, make: Make, tmp_path: Path) -> None:
    """Eight people report at a time until the bot dies; then WeCom delivers all of it again."""
    url = make(town)
    with running(url, tmp_path) as (simulator, bot):
        crowd = Crowd(simulator)
        bot.start_to_die(f"{point}:25")
        bot.wait_until_ready()
        crowd.report_until_nobody_answers()
        bot.wait_for_death()
        assert crowd.acknowledged <= set(booked(url))
        bot.start()
        crowd.redeliver()
        bot.kill()
        assert booked(url) == Counter(crowd.sent.keys())
