"""At most 20 messages a minute to one person."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.outbox.throttle import LIMIT, Throttle

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)


def seconds(number: int) -> datetime:
    return NOW + timedelta(seconds=number)


def test_the_twenty_first_message_of_a_minute_waits() -> None:
    throttle = Throttle()
    assert throttle.admit([("a", 1)] * 21, {}, NOW) == [True] * 20 + [False]
    assert throttle.admit([("a", 1), ("b", 1)], {}, seconds(59)) == [False, True]
    assert throttle.admit([("a", 1)], {}, seconds(60)) == [True]


def test_what_other_processes_sent_counts_too() -> None:
    throttle = Throttle()
    assert throttle.admit([("a", 1)] * 20, {"a": 15}, NOW) == [True] * 5 + [False] * 15


def test_ones_own_recorded_messages_do_not_count_twice() -> None:
    throttle = Throttle()
    throttle.admit([("a", 1)] * 10, {}, NOW)
    assert throttle.admit([("a", 1)] * 11, {"a": 10}, seconds(1)) == [True] * 10 + [False]


def test_a_userid_is_the_same_person_in_any_case() -> None:
    throttle = Throttle()
    throttle.admit([("ZhangSan", 20)], {}, NOW)
    assert throttle.admit([("zhangsan", 1)], {}, NOW) == [False]


def test_after_a_refusal_nothing_overtakes() -> None:
    throttle = Throttle()
    assert throttle.admit([("a", 18), ("a", 3), ("a", 1)], {}, NOW) == [True, False, False]


def test_a_text_in_too_many_parts_goes_when_nothing_else_went() -> None:
    throttle = Throttle()
    assert throttle.admit([("a", 25)], {}, NOW) == [True]
    assert throttle.admit([("a", 25)], {}, seconds(59)) == [False]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40)), max_size=80))
def test_no_minute_ever_holds_more_than_the_limit(steps: list[tuple[str, int]]) -> None:
    throttle, sent, now = Throttle(), [], NOW
    for person, pause in steps:
        now += timedelta(seconds=pause)
        if throttle.admit([(person, 1)], {}, now) == [True]:
            sent.append((now, person))
    for start, person in sent:
        window = [
            at for at, who in sent if who == person and start <= at < start + timedelta(minutes=1)
        ]
        assert len(window) <= LIMIT
