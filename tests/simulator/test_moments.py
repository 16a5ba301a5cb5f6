"""The named moments lie on the days on which the office is reminded."""

from datetime import datetime

import pytest

from simulator.clock import SHANGHAI
from simulator.moments import START, moments

AT = {
    ("八一", "八一前三个工作日"): "2021-07-28 09:06",
    ("八一", "八一当天"): "2021-08-01 09:06",
    ("八一", "节后第一个工作日"): "2021-08-02 09:06",
    # 2022-07-02 is a Saturday and 2022-07-12 a Tuesday.
    ("八一", "八一前 30 天"): "2022-07-01 09:06",
    ("八一", "八一前 20 天"): "2022-07-12 09:06",
    ("八一", "八一前 14 天"): "2022-07-18 09:06",
    # 2022-01-29 and -30 are a worked weekend; the break is 01-31 to 02-06.
    ("春节", "春节前三个工作日"): "2022-01-28 09:06",
    ("春节", "节后第一个工作日"): "2022-02-07 09:06",
    ("快进", "明天上午 9 点"): "2021-07-29 09:00",
}


def test_from_the_start_of_the_story() -> None:
    found = {(one.group, one.name): f"{one.at:%Y-%m-%d %H:%M}" for one in moments(START)}
    assert AT.items() <= found.items()


@pytest.mark.parametrize("month", range(1, 13))
def test_all_lie_ahead(month: int) -> None:
    now = datetime(2028, month, 15, 12, 0, tzinfo=SHANGHAI)
    assert all(one.at > now for one in moments(now))
