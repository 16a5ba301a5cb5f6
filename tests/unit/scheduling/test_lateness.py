"""What becomes of runs that were missed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.scheduling.lateness import Run, choose
from bot.scheduling.registry import Job, Late

NOW = datetime(2021, 7, 26, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def chosen(late: Late, *hours_ago: float) -> list[tuple[float, bool]]:
    job = Job(print, "any", "* * * * *", grace=2 * HOUR, late=late)
    due = [NOW - hours * HOUR for hours in hours_ago]
    return [((NOW - run.due) / HOUR, run.skipped) for run in choose(job, due, NOW)]


@pytest.mark.parametrize("late", ["fold", "send", "skip"])
def test_within_the_grace_everything_is_run(late: Late) -> None:
    assert chosen(late, 2, 1, 0) == [(2, False), (1, False), (0, False)]
    assert chosen(late) == []


@pytest.mark.parametrize(
    ("late", "hours_ago", "expected"),
    [
        ("fold", (50, 26), [(26, False)]),
        ("fold", (50, 26, 1), [(1, False)]),
        ("send", (50, 26), [(50, False), (26, False)]),
        ("send", (50, 1), [(50, False), (1, False)]),
        ("skip", (50, 26), [(26, True)]),
        ("skip", (50, 26, 1), [(26, True), (1, False)]),
    ],
)
def test_what_is_later_follows_the_jobs_wish(
    late: Late, hours_ago: tuple[float, ...], expected: list[tuple[float, bool]]
) -> None:
    assert chosen(late, *hours_ago) == expected


@given(
    st.sampled_from(["fold", "send", "skip"]),
    st.lists(st.integers(0, 100), unique=True).map(lambda hours: sorted(hours, reverse=True)),
)
def test_the_newest_is_always_dealt_with_so_that_nothing_comes_twice(
    late: Late, hours_ago: list[int]
) -> None:
    job = Job(print, "any", "* * * * *", grace=2 * HOUR, late=late)
    due = [NOW - hours * HOUR for hours in hours_ago]
    runs = choose(job, due, NOW)
    assert [run.due for run in runs] == sorted({run.due for run in runs})
    assert {run.due for run in runs} <= set(due)
    assert not due or runs[-1] in (Run(due[-1]), Run(due[-1], skipped=True))
