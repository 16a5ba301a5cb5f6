"""A bug loses nothing: after the fix each message is handled once, as of the moment it came."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.dispatcher import Answer, Dispatcher
from bot.conversation.incoming import from_wecom
from bot.conversation.replay import Outcome, Replay
from bot.conversation.router import Routes
from bot.services import Services
from bot.storage import inbox
from bot.storage.inbox import InboxRow
from bot.storage.progress import ReportRow
from bot.storage.versions import Versions
from bot.wecom import messages
from handlers import ROUTERS
from tests.support.broken import broken_replay, fail
from tests.support.caller import Caller
from tests.support.office import Office

A_DAY = timedelta(days=1)
REPORT = "第11条 已完成，走访部队5个"


class Desk:
    """What people say to the bot while it is broken, and what they hear after the fix."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.caller = Caller(office.callback, office.wecom.corp)

    def fails(self, userid: str, words: str) -> None:
        """Say something to the broken bot, ten seconds after the message before."""
        self.office.clock.advance(timedelta(seconds=10))
        now = self.office.clock.now()
        answer = fail(self.office.bot, self.caller.text(userid, words, now))
        assert answer.text.startswith("抱歉")

    def says(self, userid: str, words: str) -> str:
        """Say something to the bot as it is."""
        self.office.clock.advance(timedelta(seconds=10))
        return self.office.person(userid).says(words)

    def replays(self) -> list[Outcome]:
        """Let all that failed be handled again."""
        replay = self.office.bot.replay()
        return [replay.replay(one.id) for one in replay.failed()]

    def hears(self, userid: str) -> list[str]:
        """Return what came by itself, without the notices of the failures."""
        self.office.delivery.drain()
        heard = self.office.person(userid).hears()
        return [text for text in heard if not text.startswith("【系统提醒】")]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def reports(office: Office) -> list[ReportRow]:
    """Return all reports, the oldest first."""
    return office.bot.database.read(
        lambda session: list(session.scalars(select(ReportRow).order_by(ReportRow.id)))
    )


def test_a_report_is_booked_as_of_the_day_it_came(desk: Desk, office: Office) -> None:
    desk.fails("linxian", "第11条 昨天已完成，走访部队5个")
    came = office.clock.now()
    office.clock.advance(30 * A_DAY)
    assert desk.replays() == [Outcome.HANDLED]
    [answer] = desk.hears("linxian")
    assert answer.startswith(
        "【补办】您7月28日 09:30发来的“第11条 昨天已完成，走访部队5个”现已处理："
    )
    assert "已记录：第11条" in answer
    assert "完成日期：7月27日" in answer
    assert "迟报" not in answer
    [report] = reports(office)
    assert report.reported_at == came
    assert not report.late
    assert desk.hears("bangongshi") == [], "what the broken handler did was undone"


def test_what_was_replayed_is_not_replayed_again(desk: Desk, office: Office) -> None:
    desk.fails("linxian", REPORT)
    [failed] = office.bot.replay().failed()
    assert desk.replays() == [Outcome.HANDLED]
    assert office.bot.replay().replay(failed.id) is Outcome.TAKEN
    assert desk.replays() == []
    assert len(desk.hears("linxian")) == 1
    assert len(reports(office)) == 1


def test_two_replays_at_once_handle_each_message_once(desk: Desk, office: Office) -> None:
    for number in range(1, 9):
        desk.fails("linxian", f"第11条 推进中，走访部队{number}个")
    barrier = threading.Barrier(4)

    def begin(replay: Replay) -> list[Outcome]:
        failed = replay.failed()
        barrier.wait(timeout=10)
        return [replay.replay(one.id) for one in failed]

    with ThreadPoolExecutor(4) as pool:
        outcomes = [one for done in pool.map(begin, [office.bot.replay()] * 4) for one in done]
    assert outcomes.count(Outcome.HANDLED) == 8
    assert outcomes.count(Outcome.TAKEN) == 24
    assert len(reports(office)) == 8
    assert len(desk.hears("linxian")) == 8


def test_what_fails_again_stays_and_leaves_nothing_half_done(desk: Desk, office: Office) -> None:
    desk.fails("linxian", REPORT)
    [failed] = office.bot.replay().failed()
    assert broken_replay(office.bot).replay(failed.id) is Outcome.FAILED
    assert office.bot.replay().failed() == [failed]
    assert (desk.hears("linxian"), desk.hears("bangongshi")) == ([], [])
    assert desk.replays() == [Outcome.HANDLED]


def test_a_message_that_cannot_even_be_read_stays(desk: Desk, office: Office) -> None:
    desk.fails("linxian", REPORT)
    office.bot.database.run(
        lambda session: session.scalars(select(InboxRow)).one().__setattr__("plaintext", b"no xml")
    )
    assert desk.replays() == [Outcome.FAILED]
    assert [one.words for one in office.bot.replay().failed()] == [""]


def test_a_newer_report_stays_the_latest(desk: Desk, office: Office) -> None:
    desk.fails("linxian", "第11条 推进中，走访部队2个")
    assert "已记录" in desk.says("linxian", REPORT)
    assert desk.replays() == [Outcome.HANDLED]
    [answer] = desk.hears("linxian")
    assert "已存档：第11条 八一走访慰问（临县）（之后又有新的填报，以新的为准）" in answer
    assert "更正" not in answer
    assert [(one.text, one.valid) for one in reports(office)] == [
        (REPORT, True),
        ("第11条 推进中，走访部队2个", False),
    ]
    assert "走访部队 6 个" in desk.says("linxian", "更正 走访部队6个"), "the newer one is meant"


def test_who_sent_the_same_again_is_told_and_nothing_is_done_twice(
    desk: Desk, office: Office
) -> None:
    desk.fails("linxian", REPORT)
    desk.fails("bangongshi", "催办 第16条")
    assert "已记录" in desk.says("linxian", f"{REPORT} ")
    assert "第 1 次" in desk.says("bangongshi", "催办 第16条")
    assert desk.replays() == [Outcome.SUPERSEDED] * 2
    assert "不再重复办理" in desk.hears("linxian")[-1]
    assert "不再重复办理" in desk.hears("bangongshi")[-1]
    assert len(reports(office)) == 1
    assert "第 2 次" in desk.says("bangongshi", "催办 第16条")


def test_what_failed_twice_is_done_once(desk: Desk, office: Office) -> None:
    desk.fails("bangongshi", "催办 第16条")
    desk.fails("bangongshi", "催办 第16条")
    assert desk.replays() == [Outcome.HANDLED, Outcome.SUPERSEDED]


def test_report_and_correction_that_both_failed(desk: Desk, office: Office) -> None:
    desk.fails("linxian", REPORT)
    desk.fails("linxian", "更正 走访部队6个")
    assert desk.replays() == [Outcome.HANDLED] * 2
    assert [(one.text, one.valid) for one in reports(office)] == [
        (REPORT, False),
        ("走访部队6个", True),
    ]


@pytest.mark.parametrize("words", ["撤回", "更正 走访部队9个"])
def test_a_correction_never_meets_a_later_report(desk: Desk, office: Office, words: str) -> None:
    desk.says("linxian", REPORT)
    desk.fails("linxian", words)
    desk.says("linxian", "第16条 推进中")
    desk.replays()
    [answer] = desk.hears("linxian")
    assert "为免改错，这一条没有执行" in answer
    assert [one.valid for one in reports(office)] == [True, True]


def test_a_withdrawal_that_was_made_since_takes_no_second_report(
    desk: Desk, office: Office
) -> None:
    desk.says("linxian", "第16条 推进中")
    desk.says("linxian", REPORT)
    desk.fails("linxian", "撤回")
    desk.says("linxian", "撤销")
    desk.replays()
    assert [one.valid for one in reports(office)] == [True, False]


def test_the_office_returns_only_what_it_has_seen(desk: Desk, office: Office) -> None:
    desk.says("linxian", REPORT)
    desk.fails("bangongshi", "退回 第11条 临县 缺照片")
    desk.says("linxian", "第11条 已完成，走访部队7个")
    desk.replays()
    assert "又有新的填报或审核" in desk.hears("bangongshi")[-1]
    assert desk.hears("linxian") == []


def test_a_report_from_before_a_return_does_not_undo_it(desk: Desk, office: Office) -> None:
    desk.says("linxian", "第11条 已完成，走访部队1个")
    desk.fails("linxian", REPORT)
    desk.says("bangongshi", "退回 第11条 临县 缺照片")
    desk.replays()
    assert "又有新的填报或审核" in desk.hears("linxian")[-1]
    assert "已退回" in desk.says("bangongshi", "第11条 汇总")


def test_a_dialogue_goes_on_with_what_was_replayed(desk: Desk) -> None:
    desk.says("linxian", "进度")
    desk.fails("linxian", "1")
    assert desk.replays() == [Outcome.HANDLED]
    assert "请用一句话说明进展" in desk.hears("linxian")[-1]
    assert desk.says("linxian", "已完成").startswith("已记录：第11条 八一走访慰问（临县）")


def test_a_report_answers_the_question_that_it_met(desk: Desk) -> None:
    desk.says("linxian", "进度")
    desk.says("linxian", "1")
    desk.fails("linxian", "已完成，走访部队5个")
    desk.says("linxian", "取消")
    desk.replays()
    assert "已记录：第11条 八一走访慰问（临县）" in desk.hears("linxian")[-1]


def test_another_dialogue_is_not_disturbed(desk: Desk, office: Office) -> None:
    desk.fails("linxian", "第16条 走访了部队")
    desk.says("linxian", "进度")
    desk.says("linxian", "1")
    desk.replays()
    assert "写在一条消息里重新发一次" in desk.hears("linxian")[-1]
    assert desk.says("linxian", "已完成").startswith("已记录：第11条 八一走访慰问（临县）")


def test_what_nobody_waits_for_is_kept_as_well(desk: Desk, office: Office) -> None:
    """A bug meets the news that a person left: no answer, but the office learns it after all."""
    bot, passes = office.bot, count()

    def buggy(
        session: Session, at: datetime | None = None, known: Versions | None = None
    ) -> Services:
        if next(passes) == 0:
            raise RuntimeError("a bug")
        return bot.make_services(session, at, known)

    plaintext = desk.caller.event("linxian", office.clock.now(), "unsubscribe", {"EventKey": ""})
    broken = Dispatcher(bot.database, Routes(ROUTERS), buggy, bot.clock)
    assert broken.handle(from_wecom(messages.parse(plaintext))) == Answer()
    assert len(bot.replay().failed()) == 1
    assert desk.hears("bangongshi") == []
    assert desk.replays() == [Outcome.HANDLED]
    assert "联络员临小县已不在" in desk.hears("bangongshi")[0]
    desk.says("linxian", REPORT)
    assert reports(office) == []


def test_who_came_and_left_since_stays_away(desk: Desk, office: Office) -> None:
    now = office.clock.now()
    fail(office.bot, desk.caller.event("linxian", now, "subscribe", {"EventKey": ""}))
    office.wecom.unsubscribe("linxian")
    assert desk.replays() == [Outcome.SUPERSEDED]
    desk.says("linxian", REPORT)
    assert reports(office) == [], "a stranger by now"
    assert office.bot.database.read(inbox.failed) == []
