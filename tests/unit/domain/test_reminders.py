"""When holiday and deadline reminders go, by the rules that ship."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.domain.busy import BUSY, SPREAD, off_busy
from bot.domain.offsets import DaysAfter, DaysBefore, LunarDay, TheDay
from bot.domain.reminders import (
    Audience,
    HolidayRule,
    Ladder,
    Late,
    Occurrence,
    Quiet,
    Roll,
    Stage,
    Verdict,
    due_moments,
    occurrences,
    verdict,
)
from bot.services.holiday_rules import load_rules
from tests.support.calendars import DATA, shipped

QUIET = Quiet()
RULES = {rule.holiday: rule for rule in load_rules(DATA / "holiday-rules.toml")}

# Computed by hand from the office's rules and the State Council's notices.
EXPECTED = {
    ("八一", 2021): """
        报计划 2021-07-02 未报计划的联络员
        催计划 2021-07-12 未报计划的联络员
        临近 2021-07-22 未报结果的联络员
        前三个工作日 2021-07-28 未报结果的联络员
        当天 2021-08-01 全体联络员
        报结果 2021-08-02 未报结果的联络员
        催结果 2021-08-04 未报结果的联络员
        汇总 2021-08-06 双拥办""",
    # 12-18 is a Saturday; 01-02 and 01-01 are days off; the break ends on 02-06.
    ("春节", 2022): """
        报计划 2021-12-17 未报计划的联络员
        情系边海防 2021-12-21 全体联络员
        催计划 2021-12-31 未报计划的联络员
        临近 2022-01-25 未报结果的联络员
        前三个工作日 2022-01-28 未报结果的联络员
        当天 2022-02-01 全体联络员
        报结果 2022-02-07 未报结果的联络员
        催结果 2022-02-09 未报结果的联络员
        汇总 2022-02-11 双拥办""",
    # 07-12 is a Sunday; 八一 is a Saturday.
    ("八一", 2026): """
        报计划 2026-07-02 未报计划的联络员
        催计划 2026-07-10 未报计划的联络员
        临近 2026-07-22 未报结果的联络员
        前三个工作日 2026-07-29 未报结果的联络员
        当天 2026-08-01 全体联络员
        报结果 2026-08-03 未报结果的联络员
        催结果 2026-08-05 未报结果的联络员
        汇总 2026-08-07 双拥办""",
    # 12-26 and 01-30 (小年) are Saturdays; by statute 02-05…02-08 are off.
    ("春节", 2027): """
        报计划 2026-12-23 未报计划的联络员
        情系边海防 2026-12-25 全体联络员
        催计划 2027-01-07 未报计划的联络员
        临近 2027-01-29 未报结果的联络员
        前三个工作日 2027-02-02 未报结果的联络员
        当天 2027-02-06 全体联络员
        报结果 2027-02-09 未报结果的联络员
        催结果 2027-02-11 未报结果的联络员
        汇总 2027-02-15 双拥办""",
}


def series(holiday: str, year: int) -> tuple[Occurrence, ...]:
    return occurrences(RULES[holiday], year, shipped(), QUIET)


def one(holiday: str, year: int, stage: str) -> Occurrence:
    return next(found for found in series(holiday, year) if found.stage == stage)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("holiday", "year"), EXPECTED)
def test_every_stage_of_a_year(holiday: str, year: int) -> None:
    found = [f"{each.stage} {each.at:%Y-%m-%d} {each.audience}" for each in series(holiday, year)]
    assert found == [line.strip() for line in EXPECTED[holiday, year].strip().splitlines()]


@pytest.mark.parametrize(("holiday", "year"), EXPECTED)
def test_all_go_at_seven_past_nine_and_only_the_day_itself_may_be_a_day_off(
    holiday: str, year: int
) -> None:
    for each in series(holiday, year):
        assert each.at.isoformat().endswith("T09:07:00+08:00")
        assert each.stage == "当天" or shipped().is_working_day(each.at.date())
        assert each.holiday_date == shipped().holiday(holiday, year)


def test_what_lies_in_a_year_without_notice_is_tentative() -> None:
    assert not any(each.tentative for each in (*series("八一", 2026), *series("春节", 2026)))
    assert all(each.tentative for each in series("八一", 2027))
    tentative = {each.stage: each.tentative for each in series("春节", 2027)}
    assert [stage for stage, is_so in tentative.items() if not is_so] == ["报计划", "情系边海防"]


def test_a_holiday_outside_the_almanac_has_no_reminders() -> None:
    assert occurrences(RULES["春节"], 2101, shipped(), QUIET) == ()


def rule_of(*stages: Stage) -> HolidayRule:
    return HolidayRule("八一", 11, "走访慰问", stages)


def stage_at(when: DaysBefore | DaysAfter | LunarDay | TheDay, moment: time, roll: Roll) -> Stage:
    return Stage("试", when, Audience.CONTACTS, moment, roll, Late.SEND)


@pytest.mark.parametrize(
    ("planned", "sent"),
    [(time(7, 0), "08:04"), (time(9, 7), "09:07"), (time(20, 0), "19:59"), (time(23, 5), "19:59")],
)
def test_quiet_hours_move_the_time_and_never_the_day(planned: time, sent: str) -> None:
    rule = rule_of(stage_at(TheDay(), planned, Roll.STAY))
    (found,) = occurrences(rule, 2021, shipped(), QUIET)
    assert found.at.isoformat() == f"2021-08-01T{sent}:00+08:00"


@pytest.mark.parametrize(
    ("when", "roll", "day"),
    [
        (DaysBefore(1), Roll.BACK, "2021-07-30"),
        (DaysBefore(1), Roll.STAY, "2021-07-31"),
        (DaysAfter(6), Roll.BACK, "2021-08-06"),
        (DaysAfter(7), Roll.BACK, "2021-08-06"),
        (LunarDay(6, 1), Roll.BACK, "2021-07-09"),
        (LunarDay(12, 23), Roll.BACK, "2021-02-04"),
    ],
)
def test_other_distances(when: DaysBefore, roll: Roll, day: str) -> None:
    (found,) = occurrences(rule_of(stage_at(when, time(9, 7), roll)), 2021, shipped(), QUIET)
    assert f"{found.at:%Y-%m-%d}" == day


def test_a_deadline_is_recalled_before_on_the_day_and_then_sparingly() -> None:
    found = [
        f"{each.step} {each.at:%m-%d %H:%M}" for each in due_moments(date(2021, 8, 5), shipped())
    ]
    assert found == [
        "临期 08-02 09:07",
        "到期 08-05 09:07",
        "逾期 08-06 09:07",
        "逾期 08-13 09:07",
        "逾期 08-20 09:07",
        "逾期 08-27 09:07",
        "逾期 09-03 09:07",
        "逾期 09-10 09:07",
    ]


def test_a_deadline_in_the_spring_break_respects_it() -> None:
    found = [f"{each.step} {each.at:%m-%d}" for each in due_moments(date(2022, 2, 5), shipped())]
    assert found[:4] == ["临期 01-28", "到期 01-30", "逾期 02-07", "逾期 02-14"]


def test_a_deadline_in_a_year_without_notice_is_tentative() -> None:
    assert all(each.tentative for each in due_moments(date(2027, 1, 29), shipped()))
    assert not any(each.tentative for each in due_moments(date(2026, 8, 31), shipped()))


def test_an_empty_ladder_reminds_of_nothing() -> None:
    assert due_moments(date(2021, 8, 5), shipped(), Ladder(())) == ()


@given(st.dates(date(2008, 1, 1), date(2026, 9, 30)))
def test_deadline_reminders_come_in_order_on_working_days(deadline: date) -> None:
    found = [each.at for each in due_moments(deadline, shipped())]
    assert found == sorted(set(found))
    assert all(shipped().is_working_day(moment.date()) for moment in found)
    assert found[1].date() <= deadline < found[2].date()


def decide(planned: Occurrence, following: Occurrence | None, now: str) -> Verdict:
    next_at = following.at if following else None
    return verdict(planned, next_at, at(now), shipped(), QUIET)


@pytest.mark.parametrize(
    ("stage", "following", "now", "expected"),
    [
        ("报计划", "催计划", "2021-07-02T09:06", Verdict.WAIT),
        ("报计划", "催计划", "2021-07-02T09:07", Verdict.SEND),
        ("报计划", "催计划", "2021-07-02T19:59", Verdict.SEND),
        ("报计划", "催计划", "2021-07-02T20:00", Verdict.WAIT),
        # The 3rd and 4th are a weekend: it goes on Monday morning.
        ("报计划", "催计划", "2021-07-03T10:00", Verdict.WAIT),
        ("报计划", "催计划", "2021-07-05T07:59", Verdict.WAIT),
        ("报计划", "催计划", "2021-07-05T08:00", Verdict.SEND),
        ("报计划", "催计划", "2021-07-12T09:07", Verdict.FOLD),
        ("前三个工作日", "当天", "2021-07-30T10:00", Verdict.SEND),
        ("前三个工作日", "当天", "2021-08-01T09:07", Verdict.FOLD),
        ("当天", "报结果", "2021-08-01T15:00", Verdict.SEND),
        ("当天", "报结果", "2021-08-02T08:00", Verdict.DROP),
        ("报结果", "催结果", "2021-08-02T15:00", Verdict.SEND),
        ("报结果", "催结果", "2021-08-03T08:30", Verdict.MARK),
        ("报结果", "催结果", "2021-08-04T09:07", Verdict.FOLD),
        ("催结果", "汇总", "2021-08-06T09:07", Verdict.FOLD),
        ("汇总", None, "2021-08-09T09:00", Verdict.SEND),
        ("汇总", None, "2021-09-01T09:00", Verdict.DROP),
    ],
)
def test_what_happens_to_a_late_message(
    stage: str, following: str | None, now: str, expected: Verdict
) -> None:
    after = one("八一", 2021, following) if following else None
    assert decide(one("八一", 2021, stage), after, now) is expected


def test_the_parcels_for_the_border_are_asked_for_even_when_the_next_message_is_due() -> None:
    parcels, chase = one("春节", 2022, "情系边海防"), one("春节", 2022, "催计划")
    assert decide(parcels, chase, "2021-12-31T10:00") is Verdict.SEND


@given(st.datetimes(datetime(2021, 1, 1), datetime(2026, 11, 1)))  # noqa: DTZ001
def test_the_next_waking_moment(naive: datetime) -> None:
    now = naive.replace(tzinfo=SHANGHAI)
    someday, working = QUIET.next_awake(now), QUIET.next_awake(now, shipped())
    assert now <= someday <= working
    assert QUIET.awake(someday)
    assert someday - now <= timedelta(hours=12, minutes=SPREAD)
    assert someday == now or someday.minute not in BUSY
    assert QUIET.awake(working)
    assert shipped().is_working_day(working.date())


MINUTES = st.datetimes(datetime(2021, 1, 1), datetime(2026, 11, 1))  # noqa: DTZ001


@given(MINUTES, st.text(max_size=9))
def test_a_busy_minute_is_left_by_a_few_minutes_and_never_early(naive: datetime, key: str) -> None:
    planned = naive.replace(tzinfo=SHANGHAI)
    moved = off_busy(planned, key)
    assert moved.minute not in BUSY
    assert timedelta(0) <= moved - planned <= timedelta(minutes=SPREAD)
    assert moved == off_busy(planned, key)
    assert (moved == planned) is (planned.minute not in BUSY)


def test_occasions_that_the_office_sets_to_nine_are_spread_over_the_minutes_after() -> None:
    hours = {QUIET.moment(date(2021, 8, 2), time(9, 0), f"八一:{name}") for name in "甲乙丙丁戊己"}
    assert len(hours) > 1
    assert all(at("2021-08-02T09:01") <= each <= at("2021-08-02T09:04") for each in hours)


def test_a_day_that_opens_for_a_minute_only_is_not_left() -> None:
    narrow = Quiet(opens=time(9, 0), closes=time(9, 1))
    assert narrow.moment(date(2021, 8, 2), time(9, 0), "x") == at("2021-08-02T09:00")
