"""Working days, holidays and 暂定, on the calendar that ships."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, DayFact, years_with_notice
from bot.errors import InputError
from bot.language.days import Days
from bot.services.calendar import BoraxLunar, build_calendar
from tests.support.calendars import shipped

SPRING = {
    1990: "0127 0215 0204 0123 0210 0131 0219 0207 0128 0216",
    2000: "0205 0124 0212 0201 0122 0209 0129 0218 0207 0126",
    2010: "0214 0203 0123 0210 0131 0219 0208 0128 0216 0205",
    2020: "0125 0212 0201 0122 0210 0129 0217 0206 0126 0213",
    2030: "0203 0123 0211 0131 0219 0208 0128 0215 0204 0124",
    2040: "0212 0201 0122 0210 0130 0217 0206 0126 0214 0202",
    2050: "0123 0211 0201 0219 0208 0128 0215 0204 0124 0212",
    2060: "0202",
}
"""正月初一 from another almanac than the product's, ten years a line, month and day."""

OFFSETS = (-10, -5, -3, -1, 1, 3, 5, 10)
AROUND_SPRING = {
    2008: "0125 0201 0203 0205 0213 0215 0219 0226",
    2009: "0113 0120 0122 0124 0201 0203 0205 0212",
    2010: "0201 0208 0210 0212 0220 0222 0224 0303",
    2011: "0120 0127 0130 0201 0209 0211 0214 0221",
    2012: "0110 0117 0119 0121 0129 0131 0202 0209",
    2013: "0128 0204 0206 0208 0216 0218 0220 0227",
    2014: "0120 0126 0128 0130 0207 0210 0212 0219",
    2015: "0205 0212 0215 0217 0225 0227 0302 0309",
    2016: "0126 0202 0204 0206 0214 0216 0218 0225",
    2017: "0116 0122 0124 0126 0203 0206 0208 0215",
    2018: "0202 0209 0212 0214 0222 0224 0227 0306",
    2019: "0123 0130 0201 0203 0211 0213 0215 0222",
    2020: "0113 0119 0121 0123 0203 0205 0207 0214",
    # 2021: off 02-11…02-17, worked Sunday 02-07 and Saturday 02-20.
    2021: "0129 0205 0208 0210 0218 0220 0223 0302",
    # 2022: off 01-31…02-06, worked Saturday 01-29 and Sunday 01-30.
    2022: "0119 0126 0128 0130 0207 0209 0211 0218",
    2023: "0109 0116 0118 0120 0128 0130 0201 0208",
    # 2024: off 02-10…02-17 (除夕 was worked), worked Sundays 02-04 and 02-18.
    2024: "0130 0205 0207 0209 0218 0220 0222 0229",
    2025: "0115 0122 0124 0127 0205 0207 0210 0217",
    # 2026: off 02-15…02-23, worked Saturdays 02-14 and 02-28.
    2026: "0203 0210 0212 0214 0224 0226 0228 0306",
}
AROUND_ARMY_DAY = {
    2008: "0718 0725 0729 0731 0804 0806 0808 0815",
    2009: "0720 0727 0729 0731 0803 0805 0807 0814",
    2010: "0719 0726 0728 0730 0802 0804 0806 0813",
    2011: "0718 0725 0727 0729 0802 0804 0808 0815",
    2012: "0718 0725 0727 0731 0802 0806 0808 0815",
    2013: "0718 0725 0729 0731 0802 0806 0808 0815",
    2014: "0718 0725 0729 0731 0804 0806 0808 0815",
    2015: "0720 0727 0729 0731 0803 0805 0807 0814",
    2016: "0718 0725 0727 0729 0802 0804 0808 0815",
    2017: "0718 0725 0727 0731 0802 0804 0808 0815",
    2018: "0718 0725 0727 0731 0802 0806 0808 0815",
    2019: "0718 0725 0729 0731 0802 0806 0808 0815",
    2020: "0720 0727 0729 0731 0803 0805 0807 0814",
    2021: "0719 0726 0728 0730 0802 0804 0806 0813",
    2022: "0718 0725 0727 0729 0802 0804 0808 0815",
    2023: "0718 0725 0727 0731 0802 0804 0808 0815",
    2024: "0718 0725 0729 0731 0802 0806 0808 0815",
    2025: "0718 0725 0729 0731 0804 0806 0808 0815",
    2026: "0720 0727 0729 0731 0803 0805 0807 0814",
}

days = st.dates(date(2004, 2, 1), date(2026, 11, 30))
counts = st.integers(-250, 250)


def on(year: int, month_and_day: str) -> date:
    return date(year, int(month_and_day[:2]), int(month_and_day[2:]))


def around(name: str, year: int) -> str:
    day = shipped().holiday(name, year)
    assert day is not None
    return " ".join(f"{shipped().add_working_days(day, count):%m%d}" for count in OFFSETS)


@pytest.mark.parametrize("decade", SPRING)
def test_spring_festival_from_1990_to_2060(decade: int) -> None:
    expected = [on(decade + at, day) for at, day in enumerate(SPRING[decade].split())]
    assert [shipped().holiday("春节", day.year) for day in expected] == expected


@pytest.mark.parametrize("year", AROUND_SPRING)
def test_working_days_around_spring_festival(year: int) -> None:
    assert around("春节", year) == AROUND_SPRING[year]


@pytest.mark.parametrize("year", AROUND_ARMY_DAY)
def test_working_days_around_army_day(year: int) -> None:
    assert around("八一", year) == AROUND_ARMY_DAY[year]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("八一", "2021-08-01"),
        ("建军节", "2021-08-01"),
        ("“八一”建军节", "2021-08-01"),
        ("大年初一", "2022-02-01"),
        ("除夕", "2022-01-31"),
        ("除夕", "2025-01-28"),
        ("元宵", "2022-02-15"),
        ("正月十五", "2026-03-03"),
        ("清明", "2021-04-04"),
        ("清明节", "2026-04-05"),
        ("五一", "2021-05-01"),
        ("端午", "2021-06-14"),
        ("建党节", "2021-07-01"),
        ("中秋", "2021-09-21"),
        ("十一", "2021-10-01"),
        ("元旦", "2022-01-01"),
        ("烈士纪念日", "2021-09-30"),
        ("国防教育日", "2021-09-18"),
        ("全民国防教育日", "2024-09-21"),
        ("腊月二十三", "2022-01-25"),
        ("小年", "2027-01-30"),
    ],
)
def test_a_holiday_under_its_names(name: str, day: str) -> None:
    expected = date.fromisoformat(day)
    assert shipped().holiday(name, expected.year) == expected


def test_an_unknown_holiday_and_a_year_outside_the_almanac() -> None:
    assert shipped().holiday("愚人节", 2021) is None
    assert shipped().holiday("春节", 2101) is None
    assert shipped().holiday("春节", 0) is None
    assert shipped().lunar(2021, 12, 30) is None


@pytest.mark.parametrize(
    ("name", "year", "days_off"),
    [
        ("春节", 2021, "0211 0217"),
        ("除夕", 2021, "0211 0217"),
        ("春节", 2024, "0210 0217"),
        ("春节", 2020, "0124 0202"),
        ("国庆", 2021, "1001 1007"),
        ("国庆", 2023, "0929 1006"),
        ("中秋", 2021, "0919 0921"),
        ("端午", 2014, "0531 0602"),
        ("劳动节", 2019, "0501 0504"),
    ],
)
def test_the_break_around_a_holiday(name: str, year: int, days_off: str) -> None:
    first, last = days_off.split()
    assert shipped().holiday_break(name, year) == (on(year, first), on(year, last))


@pytest.mark.parametrize(("name", "year"), [("八一", 2021), ("元宵", 2021), ("除夕", 2024)])
def test_a_holiday_without_days_off_has_no_break(name: str, year: int) -> None:
    assert shipped().holiday_break(name, year) is None


def test_a_year_without_notice_follows_the_statute_and_stays_tentative() -> None:
    calendar = shipped()
    off = "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003"
    in_2027 = [date(2027, 1, 1) + timedelta(days=at) for at in range(365)]
    weekdays_off = [d for d in in_2027 if d.weekday() < 5 and not calendar.is_working_day(d)]
    assert weekdays_off == [on(2027, day) for day in off.split() if on(2027, day).weekday() < 5]
    assert all(calendar.is_tentative(day) for day in in_2027)


def test_no_count_through_a_year_without_notice_is_certain() -> None:
    calendar = shipped()
    assert not calendar.shift(date(2026, 11, 20), 5).tentative
    assert calendar.shift(date(2026, 12, 21), 10).tentative
    assert calendar.shift(date(2027, 3, 1), -50).tentative
    assert not calendar.shift(date(2027, 3, 1), 0).tentative


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    # In 2018 the notice for 2019 made Saturday 12-29 a working day and Monday 12-31 a day off.
    assert not shipped().is_working_day(date(2018, 12, 31))
    assert shipped().is_working_day(date(2018, 12, 29))
    assert shipped().is_tentative(date(2026, 12, 31))
    assert not shipped().is_tentative(date(2026, 12, 28))
    assert not shipped().is_tentative(date(2025, 12, 31))


def test_a_few_entered_days_are_no_notice_but_count() -> None:
    wanted = DayFact(date(2027, 2, 9), working=False, name="春节", source="市政府通知")
    calendar = build_calendar([wanted])
    assert calendar.add_working_days(date(2027, 2, 6), 1) == date(2027, 2, 10)
    assert calendar.is_tentative(date(2027, 2, 9))
    assert calendar.fact(date(2027, 2, 9)) == wanted


def test_the_later_of_two_facts_wins() -> None:
    day = date(2026, 10, 8)
    off, on_duty = (DayFact(day, working=w, name="国庆节", source="通知") for w in (False, True))
    assert not build_calendar([on_duty, off]).is_working_day(day)
    assert build_calendar([off, on_duty]).is_working_day(day)


def test_a_notice_must_name_every_holiday() -> None:
    names = ["元旦", "春节", "劳动节", "国庆节、中秋节", "清明节"]
    facts = [DayFact(date(2027, 1, 1), False, name, "通知") for name in names]
    assert years_with_notice(facts) == frozenset()
    assert years_with_notice([*facts, DayFact(date(2027, 6, 9), False, "端午", "通知")]) == {2027}


@pytest.mark.parametrize("count", [3001, -3001, 10**9])
def test_a_count_out_of_reason_is_refused_in_one_sentence(count: int) -> None:
    with pytest.raises(InputError, match="工作日数目太大"):
        shipped().add_working_days(date(2021, 8, 1), count)


@pytest.mark.parametrize(("day", "count"), [(date.max, 1), (date.min, -1)])
def test_the_ends_of_time_are_refused_in_one_sentence(day: date, count: int) -> None:
    with pytest.raises(InputError, match="超出了可推算的范围"):
        shipped().add_working_days(day, count)


def test_it_fits_what_reading_dates_needs() -> None:
    fits: Days = Calendar((), (), BoraxLunar())
    assert fits.add_working_days(date(2021, 8, 1), 0) == date(2021, 8, 1)


@given(days, counts)
def test_counting_back_returns_to_a_working_day(day: date, count: int) -> None:
    start = shipped().roll_back(day).day
    there = shipped().add_working_days(start, count)
    assert shipped().is_working_day(there)
    assert shipped().add_working_days(there, -count) == start


@given(days, counts, st.integers(1, 20))
def test_a_larger_count_lies_later(day: date, count: int, more: int) -> None:
    start = shipped().roll_back(day).day
    nearer = shipped().add_working_days(start, count)
    assert nearer < shipped().add_working_days(start, count + more)


@given(days, st.integers(1, 100))
def test_every_working_day_between_is_counted_once(day: date, count: int) -> None:
    there = shipped().add_working_days(day, count)
    between = (day + timedelta(days=at) for at in range(1, (there - day).days + 1))
    assert sum(shipped().is_working_day(one) for one in between) == count


@given(days)
def test_rolling_back_never_moves_forward(day: date) -> None:
    rolled = shipped().roll_back(day).day
    assert rolled <= day
    assert shipped().is_working_day(rolled)
    assert (rolled == day) is shipped().is_working_day(day)
