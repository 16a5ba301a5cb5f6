"""Real processes, killed in the middle: what was acknowledged is there, nothing comes twice."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from simulator.faults import Effect
from simulator.harness import Simulator
from tests.support.crowd import Crowd
from tests.support.process import BotProcess, wait_for
from tests.support.town import (
    OFFICE,
    POINTS,
    REMINDED,
    booked,
    contacts,
    let_leases_run_out,
    wait_until_all_is_sent,
)

pytestmark = pytest.mark.slow
MORNING = REMINDED - timedelta(days=4)
"""Long before anything is planned."""


def test_what_was_acknowledged_survives_and_what_is_delivered_again_is_booked_once(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    crowd = Crowd(simulator)
    for reports in (random.randrange(5, 40), random.randrange(40, 120)):
        bot.start()
        with crowd.reporting(reports):
            bot.kill()
        assert crowd.acknowledged <= set(booked(url))
    bot.start()
    crowd.redeliver()
    assert bot.stop() == 0
    assert booked(url) == Counter(crowd.sent.keys())


def test_a_stop_in_order_answers_all_that_it_booked(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    crowd = Crowd(simulator)
    bot.start()
    with crowd.reporting(50):
        assert bot.stop() == 0
    assert set(booked(url)) == crowd.acknowledged


def test_a_burst_of_signals_is_one_stop(url: str, wecom: tuple[Simulator, BotProcess]) -> None:
    _, bot = wecom
    bot.start()
    assert bot.stop_impatiently(50) == 0


def test_each_reminder_arrives_once_though_the_sender_is_killed_again_and_again(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    """Twenty rounds of chasing for fifty people each; WeCom is slow and loses answers."""
    simulator, bot = wecom
    slow_down_and_lose_answers(simulator)
    kills = (2, random.randrange(4, 8), random.randrange(8, 13), random.randrange(13, 19))
    for hour, calls in enumerate(kills):
        bot.start("--start-at", (MORNING + timedelta(hours=hour)).isoformat())
        if hour == 0:
            assert "10 家单位" in (simulator.say(OFFICE, f"催办 第{EVERYTHING}条") or "")
        wait_for(partial(has_called, simulator, calls))
        bot.kill()
        let_leases_run_out(url)
    simulator.faults.clear()
    bot.start("--start-at", (MORNING + timedelta(hours=len(kills))).isoformat())
    wait_until_all_is_sent(url)
    assert bot.stop() == 0
    asked = Counter(userid for userid in contacts() for _ in chased(simulator, userid))
    assert asked == Counter(contacts()), "lost or doubled"
    assert len(simulator.calls("message/send")) > POINTS, "some calls were made again"


EVERYTHING = "、".join(str(number) for number in range(1, POINTS + 1))


def slow_down_and_lose_answers(simulator: Simulator) -> None:
    for _ in range(POINTS):
        simulator.faults.set("message/send", Effect.DELAY, 0.05, times=2)
        simulator.faults.set("message/send", Effect.LOSE)


def has_called(simulator: Simulator, calls: int) -> bool:
    return len(simulator.calls("message/send")) >= calls


def chased(simulator: Simulator, userid: str) -> list[str]:
    """Return the requests for a report that this contact got."""
    return [text for text in simulator.pushes(userid) if text.startswith("【催办 第1次】")]
