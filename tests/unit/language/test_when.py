from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.language.when import When, when
from tests.support.calendars import shipped

ISSUED = date(2021, 7, 28)


def said(text: str, base: date = ISSUED, holiday: str | None = None) -> When:
    return when(text, base, shipped(), holiday)


def test_a_moment_counts_as_its_day() -> None:
    at = datetime(2021, 7, 28, 23, 59, tzinfo=SHANGHAI)
    assert when("明天", at, shipped()).end == date(2021, 7, 29)


def test_the_holiday_spoken_of_decides_what_the_holiday_means() -> None:
    told = said("节前三个工作日", holiday="春节")
    assert (told.start, told.end, told.reason) == (date(2022, 1, 28), date(2022, 1, 28), None)


def test_a_holiday_that_was_not_named_is_told_back() -> None:
    told = said("节前三个工作日")
    assert told.end == date(2021, 7, 28)
    assert told.reason == "没有写明是哪个节日，按八一计算。"


@pytest.mark.parametrize(
    ("text", "base", "tentative"),
    [
        ("春节前三个工作日", date(2026, 11, 23), True),
        ("春节后第一个工作日", date(2026, 11, 23), True),
        ("十个工作日内", date(2026, 12, 25), True),
        ("春节前三个工作日", date(2021, 12, 1), False),
        ("春节前", date(2026, 11, 23), False),
        ("2027年8月10日前", date(2026, 11, 23), False),
    ],
)
def test_working_days_of_a_year_without_notice_are_tentative(
    text: str, base: date, tentative: bool
) -> None:
    assert said(text, base).tentative is tentative


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2021年2月30日", "2021年2月没有30日。"),
        ("2021年腊月三十前", "农历2021年的腊月没有三十。"),
        ("13月1日", "没有13月。"),
        ("8月10日至8月1日", "日期的先后反了。"),
        ("8月10日或8月12日", "有不止一个时间：“8月10日”、“8月12日”，请只写一个。"),
        ("", "没有写时间。"),
        ("第11条", "没有读出时间，请换个说法，例如“8月10日前”。"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    assert said(text) == When(text, None, None, reason=reason)


def test_years_outside_the_almanac_are_refused() -> None:
    assert said("春节前", date(1800, 1, 1)).start is None
    assert said("春节前", date(2150, 1, 1)).reason == "只能读1901年到2099年之间的日期。"


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_a_written_date_means_itself(day: date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日前", day.isoformat(), f"{day:%Y.%m.%d}"):
        assert (said(text).start, said(text).end) == (day, day)


@given(st.dates(date(2005, 1, 1), date(2090, 12, 31)), st.integers(1, 60))
def test_a_deadline_without_a_year_is_never_past(base: date, ahead: int) -> None:
    for text in ("月底前", "年底前", "周五前", "8月10日前", f"{ahead}天内"):
        told = said(text, base)
        assert told.end is not None
        assert told.end >= base


@given(st.text(max_size=30))
def test_nothing_typed_breaks_it(text: str) -> None:
    told = said(text)
    assert (told.start is None) == (told.end is None)
    assert told.start is not None or told.reason
