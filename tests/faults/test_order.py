"""Messages of one person that overtake each other, and events that look alike.

WeCom delivers again what saw no answer within five seconds, so a message may come after one that
was sent later. Reports, corrections and withdrawals are handled in the order in which they come,
each with an echo; what answers a question must have been sent after the question was asked.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.storage.inbox import InboxRow
from bot.storage.progress import ReportRow
from tests.support.caller import Caller
from tests.support.office import Office

A_MOMENT = timedelta(seconds=3)
Sent = Callable[[], str]


class Slow:
    """A contact's phone whose messages may be delivered late."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._caller = Caller(office.callback, office.wecom.corp)

    def sends(self, words: str) -> Sent:
        """Send a message; call what is returned to let it arrive."""
        self._office.clock.advance(A_MOMENT)
        plaintext = self._caller.text("linxian", words, self._office.clock.now())

        def arrive() -> str:
            reply = self._caller.delivers("linxian", plaintext, self._office.clock.now())
            assert reply is not None
            return reply.text or ""

        return arrive

    def says(self, words: str) -> str:
        """Send a message that arrives at once."""
        return self.sends(words)()


@pytest.fixture
def linxian(office: Office) -> Slow:
    return Slow(office)


def valid_reports(office: Office) -> list[str]:
    """Return the texts of the reports that count, the oldest first."""
    query = select(ReportRow.text).where(ReportRow.valid).order_by(ReportRow.id)
    return office.bot.database.read(lambda session: list(session.scalars(query)))


def test_an_answer_is_not_taken_for_one_to_a_later_question(linxian: Slow, office: Office) -> None:
    """The choice of a task must not become the choice of a status."""
    linxian.says("进度")
    late = linxian.sends("1")
    assert "已完成" in linxian.says("第11条 走访部队5个"), "asks for one of four states"
    late()
    assert valid_reports(office) == []
    assert linxian.says("2").startswith("已记录：第11条")
    assert valid_reports(office) == ["第11条 走访部队5个"]


def test_a_late_report_is_booked_and_the_dialogue_goes_on(linxian: Slow, office: Office) -> None:
    late = linxian.sends("第16条 推进中")
    linxian.says("进度")
    linxian.says("1")
    assert late().startswith("已记录：第16条")
    assert linxian.says("已完成").startswith("已记录：第11条")
    assert valid_reports(office) == ["第16条 推进中", "已完成"]


def test_a_late_message_asks_nothing_in_between(linxian: Slow) -> None:
    late = linxian.sends("第16条 走访了部队")
    linxian.says("进度")
    linxian.says("1")
    assert "写在一条消息里重新发一次" in late()
    assert linxian.says("已完成").startswith("已记录：第11条")


def test_a_clock_that_was_set_back_ends_no_dialogue(linxian: Slow, office: Office) -> None:
    linxian.says("进度")
    office.clock.advance(-timedelta(hours=1))
    assert "请用一句话说明进展" in linxian.says("1")


@pytest.mark.parametrize("words", ["更正 走访部队6个", "撤回"])
def test_what_comes_before_its_report_is_refused_and_the_report_is_booked(
    linxian: Slow, office: Office, words: str
) -> None:
    report = linxian.sends("第11条 已完成，走访部队5个")
    assert "没有可以更正或撤回的填报" in linxian.says(words)
    assert "走访部队 5 个" in report()
    assert valid_reports(office) == ["第11条 已完成，走访部队5个"]
    assert linxian.says(words).startswith(("已更正", "已撤回")), "said again, it is done"


def test_who_left_and_came_back_is_not_taken_for_gone(office: Office) -> None:
    caller, left = Caller(office.callback, office.wecom.corp), office.clock.now()
    came = left + A_MOMENT
    office.clock.set(came + A_MOMENT)
    for at, event in ((came, "subscribe"), (left, "unsubscribe")):
        plaintext = caller.event("linxian", at, event, {"EventKey": ""})
        assert caller.call(caller.sealed(plaintext, office.clock.now())).ok
    assert office.person("linxian").says("第11条 已完成").startswith("已记录")


def test_different_events_of_one_second_are_all_handled(office: Office) -> None:
    """They have no number; what differs in a single byte is another event."""
    caller, at = Caller(office.callback, office.wecom.corp), office.clock.now()
    events = [
        caller.event("linxian", at, "enter_agent", {"EventKey": ""}),
        caller.event("linxian", at, "click", {"EventKey": "第11条 推进中"}),
        caller.event("linxian", at, "click", {"EventKey": "第16条 推进中"}),
        caller.event("fangshan", at, "click", {"EventKey": "第16条 推进中"}),
    ]
    for event in (*events, *events):
        assert caller.call(caller.sealed(event, at)).ok
    rows = office.bot.database.read(lambda session: len(session.scalars(select(InboxRow)).all()))
    assert rows == len(events)
    assert valid_reports(office) == ["第11条 推进中", "第16条 推进中", "第16条 推进中"]
