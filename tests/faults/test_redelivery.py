"""WeCom delivers again what it saw no answer to: booked once, the same answer each time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli.say import say
from bot.services import roster_file
from bot.services.tables import parse_table
from bot.storage.inbox import InboxRow
from bot.storage.progress import ReportRow
from simulator.inbound import selected_items
from tests.support.caller import Caller
from tests.support.office import Office, open_office

REPORT = "第11条 已完成，走访部队5个，慰问金24万元"


@pytest.fixture
def caller(office: Office) -> Caller:
    return Caller(office.callback, office.wecom.corp)


def reports(office: Office) -> list[str]:
    """Return the texts of all booked reports."""
    return office.bot.database.read(
        lambda session: list(session.scalars(select(ReportRow.text).order_by(ReportRow.id)))
    )


def hire(office: Office, row: str) -> None:
    """Take a person into the roster."""
    content = "\n".join([",".join(roster_file.COLUMNS), row]).encode()
    table = parse_table("roster.csv", content, roster_file.COLUMNS)
    office.bot.database.run(
        lambda session: office.bot.make_services(session).people.import_roster(table, "test")
    )


def at_once(*calls: Callable[[], str]) -> list[str]:
    """Let all calls begin at the same moment; return what they return, in order."""
    barrier = threading.Barrier(len(calls))

    def begin(call: Callable[[], str]) -> str:
        barrier.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))


def test_three_deliveries_are_one_report_with_one_answer(office: Office) -> None:
    first = office.wecom.say("linxian", REPORT)
    again = [outcome.text for outcome in office.wecom.redeliver(2)]
    assert first is not None
    assert first.startswith("已记录：")
    assert again == [first, first]
    assert reports(office) == [REPORT]


def test_a_redelivery_after_the_next_message_gets_the_first_answer(
    office: Office, caller: Caller
) -> None:
    plaintext = caller.text("linxian", "进度", office.clock.now())
    first = caller.delivers("linxian", plaintext, office.clock.now())
    office.person("linxian").says("1")
    again = caller.delivers("linxian", plaintext, office.clock.now())
    assert again == first
    assert office.person("linxian").says("已完成").startswith("已记录："), "the state was kept"


def test_three_deliveries_at_the_same_moment(office: Office, caller: Caller) -> None:
    for turn in range(5):
        report = f"第11条 推进中，走访部队{turn + 1}个"
        plaintext = caller.text("linxian", report, office.clock.now())

        def deliver(plaintext: bytes = plaintext) -> str:
            reply = caller.delivers("linxian", plaintext, office.clock.now())
            assert reply is not None
            return reply.text or ""

        [answer] = set(at_once(deliver, deliver, deliver))
        assert answer.startswith("已记录：")
        assert f"走访部队 {turn + 1} 个" in answer
    assert len(reports(office)) == 5


def test_two_colleagues_who_report_a_new_point_at_the_same_moment(office: Office) -> None:
    """Both need the row that makes the point their unit's own; neither may hear an apology."""
    hire(office, "临县,县市区,,临大县,linxian2,联络员")
    for point in (1, 2, 3, 5, 7, 8, 12, 20):
        first, second = at_once(
            lambda point=point: office.person("linxian").says(f"第{point}条 推进中，走访1户"),  # type: ignore[misc]
            lambda point=point: office.person("linxian2").says(f"第{point}条 推进中，走访2户"),  # type: ignore[misc]
        )
        assert "走访 1 户" in first
        assert "走访 2 户" in second
    assert len(reports(office)) == 16


def test_different_clicks_in_the_same_second_are_both_handled(
    office: Office, caller: Caller
) -> None:
    at = office.clock.now()
    card = {"TaskId": "t", "CardType": "button_interaction"}
    clicks = [
        caller.event("linxian", at, "template_card_event", {**card, **fields}, chosen)
        for fields, chosen in (
            ({"EventKey": "第11条", "ResponseCode": "a"}, selected_items({"q": ["已完成"]})),
            ({"EventKey": "第16条", "ResponseCode": "b"}, selected_items({"q": ["推进中"]})),
        )
    ]
    for click in (*clicks, *clicks):
        caller.delivers("linxian", click, at)
    assert reports(office) == ["第11条 已完成", "第16条 推进中"]
    office.delivery.drain()
    assert len(office.person("linxian").hears()) == 2


def test_the_same_number_from_two_people_is_two_messages(office: Office, caller: Caller) -> None:
    plaintext = caller.text("linxian", "第11条 已完成", office.clock.now())
    theirs = plaintext.replace(b"linxian", b"fangshan")
    caller.delivers("linxian", plaintext, office.clock.now())
    caller.delivers("fangshan", theirs, office.clock.now())
    assert reports(office) == ["第11条 已完成", "第11条 已完成"]


def test_what_was_answered_with_silence_stays_silent(office: Office) -> None:
    office.wecom.enter("linxian")
    assert [outcome.reply for outcome in office.wecom.redeliver(2)] == [None, None]
    count = office.bot.database.read(lambda session: len(session.scalars(select(InboxRow)).all()))
    assert count == 1


SCRIPT = (
    ("linxian", "帮助"),
    ("linxian", "我的任务"),
    ("linxian", "第9条"),
    ("linxian", "军嫂找工作有什么政策"),
    ("linxian", "进度"),
    ("linxian", "1"),
    ("linxian", "走访了3个部队"),
    ("linxian", "2"),
    ("linxian", "更正 走访部队6个，慰问金25万元"),
    ("fangshan", "第11条 没完成，因经费]]>没到位推进不下去 😀"),
    ("fangshan", "  "),
    ("bangongshi", "第11条 汇总"),
    ("bangongshi", "催办 第11条"),
    ("bangongshi", "退回 第11条 临县 缺照片"),
    ("linxian", "撤回"),
    ("linxian", "第30条 已完成"),
    ("lingdao", "第16条 汇总"),
    ("luren", "谁负责第11条"),
    ("luren", "汇总"),
    ("linxian", "长" * 2001),
)


def test_the_terminal_says_what_the_chat_says(office: Office, tmp_path: Path) -> None:
    with open_office("sqlite", tmp_path) as other:
        other.load_samples()
        for who, words in SCRIPT:
            assert say(other.bot, who, words) == office.person(who).says(words), words
            for one in (office, other):
                one.clock.advance(timedelta(seconds=20))
