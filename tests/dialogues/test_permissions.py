"""What a person may not do: a polite refusal, and nothing in the books has changed.

The office's own words are tried by everybody whom they are not for, typed and as clicks on a
card that was never sent.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.services import roster_file
from bot.services.tables import parse_table
from bot.storage import rows
from bot.storage.tables import METADATA
from tests.support import databases
from tests.support.caller import Caller
from tests.support.office import STRANGER, Office, open_office

BOOKS = ("reports", "assignments", "reminders", "people", "units", "work_plans", "audit")
COLLEAGUE, MOVED, GONE = "lishi", "fenyang", "xingxian"
"""Of 临县 like the reporter · reported for 汾阳市, now of 方山县 · can no longer see the app."""


@pytest.fixture(scope="module", params=databases.KINDS)
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    with open_office(request.param, tmp_path_factory.mktemp("office")) as office:
        office.load_samples()
        office.act()
        for userid in ("linxian", MOVED, GONE, "tuiyiju"):
            assert "已记录" in office.person(userid).says("第11条 已完成，走访部队5个")
        move(office, "临县,县市区,市双拥工作领导小组,离小石,lishi,联络员")
        move(office, "方山县,县市区,市双拥工作领导小组,汾小阳,fenyang,联络员")
        office.wecom.unsubscribe(GONE)
        yield office


def move(office: Office, *people: str) -> None:
    table = parse_table(
        "roster.csv",
        "\n".join([",".join(roster_file.COLUMNS), *people]).encode(),
        roster_file.COLUMNS,
    )
    office.bot.database.run(
        lambda session: office.bot.make_services(session).people.import_roster(table, "test")
    )


@pytest.fixture
def office(opened: Office) -> Office:
    opened.clock.advance(timedelta(minutes=2))
    return opened


@pytest.fixture
def caller(office: Office) -> Caller:
    return Caller(office.callback, office.wecom.corp)


def books(office: Office) -> dict[str, rows.Content]:
    def work(session: Session) -> dict[str, rows.Content]:
        tables = [METADATA.tables[name] for name in BOOKS]
        return {table.name: rows.content(session, table) for table in tables}

    return office.bot.database.read(work)


def said(office: Office, caller: Caller, userid: str, text: str) -> str:
    now = office.clock.now()
    reply = caller.delivers(userid, caller.text(userid, text, now), now)
    assert reply is not None
    return reply.text or ""


def clicked(office: Office, caller: Caller, userid: str, key: str, task: str) -> str:
    """Press a button; what it did is told in a message of its own."""
    office.wecom.new_pushes(userid)
    now = office.clock.now()
    fields = {
        "TaskId": task,
        "CardType": "button_interaction",
        "ResponseCode": "c",
        "EventKey": key,
    }
    caller.delivers(userid, caller.event(userid, now, "template_card_event", fields), now)
    office.delivery.drain()
    [told] = office.wecom.new_pushes(userid)
    return told


OFFICE_WORDS = (
    "销号 第11条 临县", "请销号 第11条 临县", "办结 第11条 临县", "退回 第11条 临县 缺照片",
    "催办 第11条", "第11条 催办", "第 １１ 条催办", "催报 第11条", "退回 第11条 方山县 不实",
)  # fmt: skip
SUMMARIES = ("汇总", "第11条 汇总", "进度汇总", "第11条的汇总")
REPORTS = ("第11条 已完成，走访部队5个", "更正 走访部队6个", "撤回", "进度", "填报 第11条", "延期")
NOT_YOURS = {
    "contact": ("linxian", (*OFFICE_WORDS, *SUMMARIES)),
    "contact of a city's department": ("tuiyiju", (*OFFICE_WORDS, *SUMMARIES)),
    "leader": ("lingdao", (*OFFICE_WORDS, *REPORTS)),
    "stranger": (STRANGER, (*OFFICE_WORDS, *SUMMARIES, *REPORTS, "我的任务", "待办")),
    "somebody who left": (GONE, (*OFFICE_WORDS, *SUMMARIES, *REPORTS, "我的任务")),
}
CASES = [(who, text) for who, texts in NOT_YOURS.values() for text in texts]


@pytest.mark.parametrize(("who", "text"), CASES, ids=str)
def test_what_is_not_theirs_is_refused(office: Office, caller: Caller, who: str, text: str) -> None:
    before = books(office)
    answer = said(office, caller, who, text)
    assert "不在您" in answer or "还没有登记为联络员" in answer
    assert books(office) == before


@pytest.mark.parametrize("task", ["", "t1", "assignment:1", "reminder:1:fangshan", "x" * 128])
@pytest.mark.parametrize(
    ("who", "key"),
    [
        ("linxian", "销号 第11条 方山县"),
        ("linxian", "退回 第11条 方山县 缺照片"),
        ("linxian", "催办 第11条"),
        ("lingdao", "第11条 已完成"),
        ("linxian", "汇总"),
    ],
)
def test_a_click_that_was_never_offered_gives_nobody_more_rights(
    office: Office, caller: Caller, who: str, key: str, task: str
) -> None:
    before = books(office)
    assert "不在您" in clicked(office, caller, who, key, task)
    assert books(office) == before


def test_a_stranger_who_clicks_a_forwarded_card_is_told_so(office: Office, caller: Caller) -> None:
    before = books(office)
    assert "还没有登记" in clicked(office, caller, STRANGER, "第11条 已完成", "t")
    assert books(office) == before


# --- another unit's, another person's


@pytest.mark.parametrize(
    "text",
    [
        "第11条 方山县 已完成，走访部队77个",
        "方山县 第11条 已完成，走访部队78个",
        "代方山县填报：第11条 已完成，走访部队79个",
        "市双拥办 第18条 已完成",
        "市退役军人事务局 第9条 已完成",
    ],
)
def test_whatever_unit_a_contact_names_only_their_own_is_booked(
    office: Office, caller: Caller, text: str
) -> None:
    before = of_other_units(office, "临县")
    said(office, caller, "linxian", text)
    said(office, caller, "linxian", "取消")
    assert of_other_units(office, "临县") == before


def of_other_units(office: Office, unit: str) -> list[tuple[str, str, str]]:
    tasks = office.bot.database.read(
        lambda session: office.bot.make_services(session).assignments.of_plan()
    )
    return [
        (task.assignment.unit, str(task.light), task.report.text if task.report else "")
        for task in tasks
        if task.assignment.unit != unit
    ]


@pytest.mark.parametrize("text", ["更正 走访部队1个", "修改 第11条 推进中", "撤回", "撤销"])
@pytest.mark.parametrize("who", [COLLEAGUE, MOVED, "fangshan", "bangongshi", "shenheyuan"])
def test_nobody_corrects_or_withdraws_what_is_not_theirs(
    office: Office, caller: Caller, who: str, text: str
) -> None:
    """Neither a colleague's report, nor one's own of a unit that one has left."""
    before = books(office)
    assert "没有可以更正或撤回的填报" in said(office, caller, who, text)
    assert books(office) == before


def test_who_changes_the_unit_in_the_middle_of_a_report_books_nothing_for_the_old_one(
    office: Office, caller: Caller
) -> None:
    assert "1." in said(office, caller, "jiaokou", "进度")
    move(office, "中阳县,县市区,市双拥工作领导小组,口小交,jiaokou,联络员")
    before = books(office)
    assert "没有" in said(office, caller, "jiaokou", "1")
    assert books(office) == before


def test_who_becomes_a_leader_in_the_middle_of_a_report_can_do_a_leaders_work(
    office: Office, caller: Caller
) -> None:
    assert "1." in said(office, caller, "shilou", "进度")
    move(office, "市双拥工作领导小组,领导机构,,石小楼,shilou,领导")
    before = books(office)
    assert "第11条" in said(office, caller, "shilou", "汇总")
    assert "不在您" in said(office, caller, "shilou", "第11条 已完成")
    assert books(office) == before


def test_who_leaves_in_the_middle_of_a_report_is_a_stranger(office: Office, caller: Caller) -> None:
    assert "1." in said(office, caller, "liulin", "进度")
    office.wecom.unsubscribe("liulin")
    before = books(office)
    assert "还没有登记" in said(office, caller, "liulin", "第11条 已完成")
    assert "第9条" in said(office, caller, "liulin", "第9条")
    assert books(office) == before
