"""The clock that can be started elsewhere."""

from datetime import datetime, timedelta

from bot.clock import SHANGHAI, Clock, ManualClock


def test_a_rehearsal_starts_where_it_is_told_and_runs_on() -> None:
    start = datetime(2021, 7, 28, 9, 0, tzinfo=SHANGHAI)
    clock = Clock(start_at=start)
    first = clock.now()
    assert timedelta(0) <= first - start < timedelta(minutes=1)
    assert clock.now() >= first
    assert clock.shifted
    assert not Clock().shifted


def test_every_moment_carries_the_zone() -> None:
    assert Clock().now().utcoffset() == timedelta(hours=8)
    manual = ManualClock(datetime.fromisoformat("2021-07-28T01:00:00+00:00"))
    assert manual.now().isoformat() == "2021-07-28T09:00:00+08:00"
