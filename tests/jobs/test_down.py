"""Down over the due moment, a day, a holiday: each due thing arrives once, or the office hears
that it was folded or dropped, by the rule of its kind.
"""

import re
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.services import roster_file
from bot.services.tables import parse_table
from tests.support.office import Office

AUDIT = timedelta(minutes=10)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def down(office: Office, last: str, first: str) -> None:
    """Let the bot act for the last time, be down, and start again as a new process."""
    office.clock.set(at(last) - AUDIT)
    office.act()
    office.clock.set(at(last))
    office.act()
    for userid in ("fangshan", "jiaoyuju", "bangongshi"):
        office.person(userid).hears()
    office.clock.set(at(first))
    office.runner, office.delivery = office.bot.runner(), office.bot.delivery()
    office.delivery.drain()
    go_on(office)


def go_on(office: Office) -> None:
    """Let half an hour pass."""
    for _ in range(3):
        office.act()
        office.clock.advance(AUDIT)


def heads(office: Office, userid: str = "fangshan") -> list[str]:
    """Return how the messages of a person begin."""
    found = [re.match("(【补发】)?【[^】]*", text) for text in office.person(userid).hears()]
    return [head[0] for head in found if head]


def told(office: Office) -> str:
    """Return what the auditor told the office."""
    return "\n".join(
        text for text in office.person("bangongshi").hears() if text.startswith("【运行提醒】")
    )


@pytest.mark.parametrize(
    ("last", "first", "arrives", "lines"),
    [
        # over the due moment: it goes the same day, as it is
        ("2021-08-02T08:50", "2021-08-02T15:00", ["【八一·报结果"], []),
        # a day: marked as late, because its date is part of the request
        ("2021-08-02T08:50", "2021-08-03T10:00", ["【补发】【八一·报结果"], []),
        # the whole holiday: the greeting of the day is dropped, the request comes late
        (
            "2021-07-31T18:00",
            "2021-08-03T08:31",
            ["【补发】【八一·报结果"],
            ["7月31日 18:00至8月3日 08:31机器人没有运行", "八一·当天（8月1日 09:07）37 人：已过时"],
        ),
        # a week: three are missed, and only the last one, which speaks for all, still goes
        (
            "2021-07-27T18:00",
            "2021-08-05T10:00",
            ["【八一·催结果"],
            [
                "八一·前三个工作日（7月28日 09:07）37 人：由后一条代替",
                "八一·当天（8月1日 09:07）37 人：已过时，不再发送",
                "八一·报结果（8月2日 09:07）37 人：由后一条代替",
            ],
        ),
        # a month: what is older than 15 days would only puzzle
        (
            "2021-07-20T18:00",
            "2021-08-20T10:00",
            [],
            [
                "以下提醒错过 15 天以上，不再发送",
                "八一·临近（7月22日 09:07）37 人",
                "八一·催结果（8月4日 09:07）37 人",
            ],
        ),
        # the spring festival, 31 January to 6 February
        (
            "2022-01-30T18:00",
            "2022-02-08T10:00",
            ["【补发】【春节·报结果"],
            ["1月30日 18:00至2月8日 10:00机器人没有运行", "春节·当天（2月1日 09:07）37 人：已过时"],
        ),
    ],
)
def test_a_contact_gets_each_due_thing_once_or_the_office_hears_why_not(
    office: Office, last: str, first: str, arrives: list[str], lines: list[str]
) -> None:
    down(office, last, first)
    assert heads(office) == arrives
    shown = told(office)
    for line in lines:
        assert line in shown
    assert bool(shown) is bool(lines)
    go_on(office)
    assert (heads(office), told(office)) == ([], "")


def test_the_summary_for_the_office_is_sent_however_late_but_on_a_working_day(
    office: Office,
) -> None:
    down(office, "2021-08-06T08:50", "2021-08-07T10:00")
    assert heads(office, "bangongshi") == []
    office.clock.set(at("2021-08-09T08:10"))
    go_on(office)
    assert heads(office, "bangongshi") == ["【八一·汇总"]


@pytest.mark.parametrize(
    ("last", "first", "line"),
    [
        ("2021-08-25T18:00", "2021-08-31T15:00", "到期提醒（8月26日 09:07）"),
        ("2021-08-30T18:00", "2021-09-02T10:00", "到期提醒（8月31日 09:07）"),
    ],
)
def test_of_several_reminders_of_a_deadline_only_the_last_one_goes(
    office: Office, last: str, first: str, line: str
) -> None:
    down(office, last, first)
    assert heads(office, "jiaoyuju") == ["【到期提醒"]
    assert line in told(office)
    go_on(office)
    assert heads(office, "jiaoyuju") == []


def test_a_round_of_chasing_waits_for_the_morning_after_the_bot_was_down(office: Office) -> None:
    office.act()
    office.clock.set(at("2021-07-28T18:00"))
    assert "已向联络员发出" in office.person("bangongshi").says("催办 第11条")
    office.person("fangshan").hears()
    office.clock.set(at("2021-07-28T22:30"))
    go_on(office)
    assert heads(office) == []
    office.clock.set(at("2021-07-29T08:10"))
    go_on(office)
    assert heads(office) == ["【催办 第1次"]


def test_who_joins_the_roster_later_is_no_loss_of_the_bot(office: Office) -> None:
    """Reminders of before are planned and dropped for them, but the bot was not down."""
    office.clock.set(at("2021-08-02T09:10"))
    office.act()
    for hour in range(10, 20):
        office.clock.set(at(f"2021-08-02T{hour}:10"))
        office.act()
    office.clock.set(at("2021-08-02T19:20"))
    office.act()
    office.person("bangongshi").hears()
    table = parse_table(
        "r.csv",
        f"{','.join(roster_file.COLUMNS)}\n方山县,县市区,,方小新,luren,联络员".encode(),
        roster_file.COLUMNS,
    )
    office.bot.database.run(
        lambda session: office.bot.make_services(session).people.import_roster(table, "t")
    )
    office.clock.set(at("2021-08-02T19:40"))
    go_on(office)
    assert told(office) == ""
