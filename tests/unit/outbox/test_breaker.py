"""When everything waits, and when it goes on."""

from datetime import datetime, timedelta

from bot.clock import SHANGHAI
from bot.outbox.breaker import Breaker
from bot.outbox.retry import Halt

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
SETTINGS = Halt((MINUTE, 5 * MINUTE))


def test_it_opens_at_once_for_wrong_settings_and_says_why() -> None:
    breaker = Breaker()
    breaker.failed(SETTINGS, "服务器的 IP 不在可信IP里。", NOW)
    assert breaker.is_open(NOW + MINUTE - timedelta(seconds=1))
    assert not breaker.is_open(NOW + MINUTE)
    assert breaker.reason == "服务器的 IP 不在可信IP里。"
    assert breaker.failing


def test_a_probe_that_fails_waits_longer() -> None:
    breaker = Breaker()
    for at, until in ((0, 1), (1, 6), (6, 11), (11, 16)):
        breaker.failed(SETTINGS, "x", NOW + at * MINUTE)
        assert breaker.is_open(NOW + until * MINUTE - timedelta(seconds=1))
        assert not breaker.is_open(NOW + until * MINUTE)


def test_calls_that_failed_together_count_once() -> None:
    breaker = Breaker()
    for _ in range(8):
        breaker.failed(SETTINGS, "x", NOW)
    assert not breaker.is_open(NOW + MINUTE)
    breaker.failed(SETTINGS, "x", NOW + MINUTE)
    assert breaker.is_open(NOW + 5 * MINUTE)
    assert not breaker.is_open(NOW + 6 * MINUTE)


def test_single_hiccups_stop_nothing() -> None:
    breaker = Breaker()
    hiccup = Halt((MINUTE,), after=3)
    for _ in range(5):
        breaker.failed(hiccup, "x", NOW)
        breaker.failed(hiccup, "x", NOW)
        assert not breaker.is_open(NOW)
        breaker.worked()
    for _ in range(3):
        breaker.failed(hiccup, "x", NOW)
    assert breaker.is_open(NOW)


def test_success_forgets_all() -> None:
    breaker = Breaker()
    breaker.failed(SETTINGS, "x", NOW)
    breaker.worked()
    assert not breaker.is_open(NOW)
    assert not breaker.failing
    assert breaker.reason == ""
