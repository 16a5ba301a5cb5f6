"""What becomes of a message after each kind of failure (protocol notes, section 5.2)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.outbox.retry import Again, Stop, decide
from bot.storage.outbox import FAILED
from bot.wecom.errcodes import Outcome

NOW = datetime(2021, 7, 26, 9, 7, tzinfo=SHANGHAI)
LAST = 10_000
"""More failures than any limit."""


@pytest.mark.parametrize(
    ("outcome", "errcode", "tries"),
    [
        (Outcome.TRANSIENT, -1, 4),
        (Outcome.TRANSIENT, 6000, 4),
        (Outcome.UNLISTED, 99999, 4),
        (Outcome.RECIPIENT, 81013, 1),
        (Outcome.RECIPIENT, 60111, 1),
        (Outcome.REQUEST, 45002, 1),
        (Outcome.REQUEST, 42045, 1),
        (Outcome.MEDIA, 40007, 1),
    ],
)
def test_how_often_it_is_sent_before_it_is_given_up(
    outcome: Outcome, errcode: int, tries: int
) -> None:
    sent = 1
    attempts = 0
    while isinstance(decision := decide(attempts, outcome, errcode, NOW), Again):
        sent, attempts = sent + 1, decision.attempts
    assert sent == tries
    assert decision.state == FAILED
    assert decision.reason.endswith("。")


@pytest.mark.parametrize(
    ("outcome", "errcode"),
    [
        (Outcome.CONFIG, 60020),
        (Outcome.CONFIG, 40001),
        (Outcome.CONFIG, 301002),
        (Outcome.TOKEN, 42001),
        (Outcome.RATE, 45009),
        (Outcome.CONCURRENCY, 45033),
    ],
)
def test_what_is_not_the_messages_fault_uses_no_attempt(outcome: Outcome, errcode: int) -> None:
    decision = decide(2, outcome, errcode, NOW)
    assert isinstance(decision, Again)
    assert decision.attempts == 2
    assert decision.halt is not None
    assert decision.halt.after == 1


@pytest.mark.parametrize(
    ("outcome", "errcode"), [(Outcome.TRANSIENT, None), (Outcome.AMBIGUOUS, None)]
)
def test_a_network_that_is_down_is_waited_for(outcome: Outcome, errcode: None) -> None:
    decision = decide(LAST, outcome, errcode, NOW)
    assert isinstance(decision, Again)
    assert decision.at - NOW >= timedelta(minutes=15)


@pytest.mark.parametrize(
    ("outcome", "errcode", "minutes"),
    [
        (Outcome.CONFIG, 60020, 1),
        (Outcome.CONFIG, 40001, 60),
        (Outcome.CONFIG, 40013, 60),
        (Outcome.RATE, 45009, 1),
    ],
)
def test_how_long_everything_waits_at_first(outcome: Outcome, errcode: int, minutes: int) -> None:
    decision = decide(0, outcome, errcode, NOW)
    assert isinstance(decision, Again)
    assert decision.halt is not None
    assert decision.halt.waits[0] == timedelta(minutes=minutes)


@given(
    st.sampled_from(Outcome),
    st.one_of(st.none(), st.integers(-10, 400_000)),
    st.integers(0, LAST),
    st.floats(0, 1, exclude_max=True),
)
def test_every_failure_has_a_decision_that_never_lies_in_the_past(
    outcome: Outcome, errcode: int | None, attempts: int, jitter: float
) -> None:
    decision = decide(attempts, outcome, errcode, NOW, jitter)
    if isinstance(decision, Stop):
        assert decision.state == FAILED
    else:
        assert NOW <= decision.at <= NOW + timedelta(hours=1)
        assert attempts <= decision.attempts <= attempts + 1


@given(st.floats(0, 1, exclude_max=True))
def test_jitter_spreads_a_wait_by_at_most_a_quarter(jitter: float) -> None:
    plain = decide(1, Outcome.TRANSIENT, -1, NOW)
    spread = decide(1, Outcome.TRANSIENT, -1, NOW, jitter)
    assert isinstance(plain, Again)
    assert isinstance(spread, Again)
    assert plain.at <= spread.at <= plain.at + (plain.at - NOW) / 4
