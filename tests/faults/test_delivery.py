"""Delivery when things go wrong between us and WeCom: nothing is lost, nothing comes twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import text as literal_text
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI, ManualClock
from bot.outbox import queue
from bot.outbox.composing import Composed, Deferred, Unneeded
from bot.outbox.delivery import Delivery
from bot.outbox.queue import LEASE
from bot.outbox.throttle import LIMIT
from bot.storage import outbox, undelivered
from bot.storage.database import Database
from bot.storage.outbox import Claimed, OutboxRow
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import SendFailed, SendUnknown
from tests.support.wecom_records import RecordingWeCom, raises

NOW = datetime(2021, 7, 26, 9, 7, tzinfo=SHANGHAI)
MACHINE = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
Composing = Callable[[dict[str, Any]], Composed | Deferred | Unneeded]


class Killed(BaseException):
    """The process ends here, as with kill -9."""


def text(facts: dict[str, Any]) -> Composed:
    """Send the facts' text, or its parts."""
    parts = facts.get("parts", [facts.get("text")])
    return Composed(tuple({"msgtype": "text", "text": {"content": part}} for part in parts))


@dataclass
class Plain:
    """A composer that a test can exchange."""

    how: Composing = text

    def compose(
        self, session: Session, kind: str, facts: dict[str, Any], touser: str, due_at: datetime
    ) -> Composed | Deferred | Unneeded:
        session.execute(select(1))
        return self.how(facts)


@dataclass
class Office:
    """A database with its outbox, a WeCom, and both clocks."""

    database: Database
    wecom: RecordingWeCom = field(default_factory=RecordingWeCom)
    composer: Plain = field(default_factory=Plain)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    machine: ManualClock = field(default_factory=lambda: ManualClock(MACHINE))

    def __post_init__(self) -> None:
        self.delivery = self.another_process()

    def another_process(self) -> Delivery:
        """Make the delivery of a process that has just been started."""
        return Delivery(
            self.database, self.wecom, self.composer, self.clock, self.machine, 1000002,
            jitter=lambda: 0.0,
        )  # fmt: skip

    def put(self, *people: str, expires_at: datetime | None = None, **facts: Any) -> None:
        def work(session: Session) -> None:
            for person in people:
                queue.put(
                    session,
                    key=f"{person}:{facts}",
                    touser=person,
                    kind="text",
                    facts=facts,
                    due_at=NOW,
                    now=NOW,
                    expires_at=expires_at,
                )

        self.database.run(work)

    def pass_time(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.machine.advance(by)

    def states(self) -> dict[str, int]:
        return self.database.read(outbox.counts)

    def row(self, touser: str) -> OutboxRow:
        def work(session: Session) -> OutboxRow:
            return session.scalars(select(OutboxRow).where(OutboxRow.touser == touser)).one()

        return self.database.read(work)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_a_message_arrives_once_and_is_recorded(office: Office) -> None:
    office.put("linxian", text="请报告第11条进展")
    assert office.delivery.sweep() == 1
    assert office.delivery.sweep() == 0
    assert office.wecom.inbox == {"linxian": ["请报告第11条进展"]}
    row = office.row("linxian")
    assert (row.state, row.msgid, row.errcode, row.ended_at) == ("sent", "msg1", 0, NOW)


def test_2500_equal_messages_need_three_calls(office: Office) -> None:
    office.put(*(f"u{number}" for number in range(2500)), text="八一走访提醒")
    assert office.delivery.sweep(limit=5000) == 2500
    assert len(office.wecom.bodies) == 3
    assert set(office.wecom.copies.values()) == {1}
    assert office.states() == {"sent": 2500}


def test_a_card_keeps_the_code_by_which_it_is_updated(office: Office) -> None:
    card = {"msgtype": "template_card", "template_card": {"card_type": "button_interaction"}}
    office.composer.how = lambda _: Composed((card,))
    office.put("linxian")
    office.delivery.sweep()
    assert office.row("linxian").response_code == "code"


def test_whom_wecom_leaves_out_is_recorded_with_the_reason(database: Database) -> None:
    office = Office(database, RecordingWeCom(invalid=["gone"], unlicensed=["nolicence"]))
    office.put("linxian", "Gone", "nolicence", text="一样的话")
    office.delivery.sweep()
    assert len(office.wecom.bodies) == 1
    assert office.states() == {"sent": 1, "failed": 2}
    assert "可见范围" in office.row("Gone").error
    assert "许可" in office.row("nolicence").error


def test_killed_between_sending_and_recording_the_same_bytes_go_again(office: Office) -> None:
    people = [f"u{number}" for number in range(5)]
    office.put(*people, text="请报告")
    office.wecom.after = [raises(Killed())]
    with pytest.raises(Killed):
        office.delivery.sweep()
    assert office.another_process().sweep() == 0, "the dead process still holds the lease"
    office.pass_time(LEASE)
    office.composer.how = lambda _: Composed(({"msgtype": "text", "text": {"content": "变了"}},))
    assert office.another_process().sweep() == 1, "the batch is one row's business"
    assert len(office.wecom.bodies) == 2
    assert office.wecom.bodies[0] == office.wecom.bodies[1]
    assert office.wecom.copies == dict.fromkeys(people, 1)
    assert office.states() == {"sent": 5}


def test_killed_before_anything_was_frozen_the_rows_are_free_again(office: Office) -> None:
    def killed(_: dict[str, Any]) -> Composed:
        raise Killed

    office.put("linxian", text="请报告")
    office.composer.how = killed
    with pytest.raises(Killed):
        office.delivery.sweep()
    office.pass_time(LEASE)
    office.composer.how = text
    office.another_process().sweep()
    assert office.wecom.copies == {"linxian": 1}


def test_an_answer_that_never_came_is_asked_for_with_the_same_bytes(office: Office) -> None:
    office.put("linxian", "shuangta", text="请报告")
    office.wecom.after = [raises(SendUnknown("ReadTimeout"))]
    office.delivery.sweep()
    assert office.states() == {"unknown": 2}
    office.pass_time(MINUTE)
    office.delivery.sweep()
    assert office.wecom.bodies[0] == office.wecom.bodies[1]
    assert office.wecom.copies == {"linxian": 1, "shuangta": 1}
    assert office.states() == {"sent": 2}


def test_a_bug_of_the_sender_counts_as_no_answer(office: Office) -> None:
    office.put("linxian", text="请报告")
    office.wecom.after = [raises(ZeroDivisionError())]
    office.delivery.sweep()
    assert office.states() == {"unknown": 1}


def test_what_stayed_unanswered_for_four_hours_is_reported_and_never_sent_again(
    office: Office,
) -> None:
    office.put("linxian", "shuangta", text="请报告")
    office.wecom.after = [raises(SendUnknown())] * 100
    office.delivery.sweep()
    for _ in range(10):
        office.pass_time(30 * MINUTE)
        office.delivery.sweep()
    tried = len(office.wecom.bodies)
    assert len(set(office.wecom.bodies)) == 1
    assert office.states() == {"unknown": 2}
    assert [failure.touser for failure in office.database.read(undelivered.failures)] == [
        "shuangta",
        "linxian",
    ]
    office.pass_time(timedelta(days=3))
    assert office.delivery.sweep() == 0
    assert len(office.wecom.bodies) == tried


def test_a_night_without_network_loses_nothing(office: Office) -> None:
    office.put("linxian", text="请报告")
    office.wecom.before = [raises(SendFailed(Outcome.TRANSIENT, None, "refused"))] * 200
    for _ in range(60):
        office.delivery.sweep()
        office.pass_time(15 * MINUTE)
    office.wecom.before = []
    for _ in range(3):
        office.delivery.sweep()
        office.pass_time(15 * MINUTE)
    assert office.wecom.copies == {"linxian": 1}
    assert office.states() == {"sent": 1}


def test_a_busy_wecom_is_tried_three_times_more_and_then_the_office_is_told(
    office: Office,
) -> None:
    office.put("linxian", text="请报告")
    office.wecom.before = [raises(SendFailed(Outcome.TRANSIENT, -1))] * 9
    for _ in range(9):
        office.delivery.sweep()
        office.pass_time(60 * MINUTE)
    assert len(office.wecom.bodies) == 4
    [failure] = office.database.read(undelivered.failures)
    assert (failure.state, failure.errcode) == ("failed", -1)
    assert "系统繁忙" in failure.reason


def test_wrong_settings_hold_everything_back_and_cost_nobody_an_attempt(office: Office) -> None:
    people = [f"u{number}" for number in range(30)]
    for person in people:
        office.put(person, text=f"给 {person}")
    office.wecom.before = [raises(SendFailed(Outcome.CONFIG, 60020))] * 8
    office.delivery.sweep()
    tried = len(office.wecom.bodies)
    assert tried <= 8, "only calls that were under way"
    assert "可信IP" in office.delivery.breaker.reason
    office.pass_time(MINUTE / 2)
    assert office.delivery.sweep() == 0
    assert len(office.wecom.bodies) == tried
    office.wecom.before = []
    office.pass_time(MINUTE / 2)
    office.delivery.sweep()
    assert office.wecom.copies == dict.fromkeys(people, 1)
    assert office.row("u0").attempts == 0
    assert office.delivery.breaker.reason == ""


def test_after_trouble_a_single_call_probes(office: Office) -> None:
    for number in range(30):
        office.put(f"u{number}", text=f"给 {number}")
    office.wecom.before = [raises(SendFailed(Outcome.CONFIG, 60020))] * 100
    office.delivery.sweep()
    tried = len(office.wecom.bodies)
    office.pass_time(MINUTE)
    office.delivery.sweep()
    assert len(office.wecom.bodies) == tried + 1
    assert office.states() == {"queued": 30}


def test_what_wecom_refused_is_prepared_anew_with_the_facts_of_then(office: Office) -> None:
    office.put("linxian", text="差3项")
    office.wecom.before = [raises(SendFailed(Outcome.RATE, 45009))]
    office.delivery.sweep()
    office.composer.how = lambda _: Composed(({"msgtype": "text", "text": {"content": "差1项"}},))
    office.pass_time(MINUTE)
    office.delivery.sweep()
    assert office.wecom.inbox == {"linxian": ["差1项"]}


def test_one_bad_account_does_not_keep_the_message_from_the_others(office: Office) -> None:
    office.put("linxian", "ghost", "shuangta", text="请报告")
    no_such_user = raises(SendFailed(Outcome.RECIPIENT, 60111))
    office.wecom.before = [no_such_user]
    office.delivery.sweep()
    assert office.states() == {"queued": 3}
    office.wecom.before = [no_such_user]
    office.delivery.sweep()
    assert len(office.wecom.bodies) == 4
    assert office.states() == {"sent": 2, "failed": 1}


def test_parts_go_in_order_and_what_arrived_is_not_repeated(office: Office) -> None:
    office.put("linxian", parts=["一", "二", "三"])
    office.wecom.before = [lambda: None, raises(SendFailed(Outcome.RATE, 45009))]
    office.delivery.sweep()
    assert office.wecom.inbox == {"linxian": ["一"]}
    office.pass_time(MINUTE)
    office.another_process().sweep()
    assert office.wecom.inbox == {"linxian": ["一", "二", "三"]}
    assert len(office.wecom.bodies) == 4, "the first part went once only"
    assert office.states() == {"sent": 1}


def test_a_persons_messages_keep_their_order(office: Office) -> None:
    for number in range(10):
        office.put("linxian", text=f"第{number}条")
        office.put(f"u{number}", text="别的")
    office.delivery.sweep()
    assert office.wecom.inbox["linxian"] == [f"第{number}条" for number in range(10)]


def test_nobody_gets_more_than_twenty_a_minute_but_all_arrive(office: Office) -> None:
    for number in range(45):
        office.put("leader", text=f"第{number}条")
    office.delivery.sweep()
    assert office.wecom.copies == {"leader": LIMIT}
    office.another_process().sweep()
    assert office.wecom.copies == {"leader": LIMIT}, "another process knows it from the outbox"
    for _ in range(18):
        office.pass_time(MINUTE / 6)
        office.delivery.sweep()
    assert office.wecom.inbox["leader"] == [f"第{number}条" for number in range(45)]


def test_what_is_too_late_or_no_longer_needed_is_dropped_with_its_reason(office: Office) -> None:
    office.put("late", expires_at=NOW, text="过时")
    office.delivery.sweep()
    office.put("done", text="已办")
    office.composer.how = lambda _: Unneeded("已答复")
    office.delivery.sweep()
    assert office.wecom.bodies == []
    assert office.states() == {"dropped": 2}
    assert office.row("late").error.startswith("过期")
    assert office.row("done").error == "已答复"


def test_what_is_deferred_comes_back_at_its_time(office: Office) -> None:
    morning = NOW + timedelta(hours=13)
    office.put("linxian", text="请报告")
    office.composer.how = lambda _: Deferred(morning)
    office.delivery.sweep()
    office.composer.how = text
    assert office.delivery.sweep() == 0
    office.pass_time(timedelta(hours=13))
    assert office.delivery.sweep() == 1
    assert office.wecom.copies == {"linxian": 1}


@pytest.mark.parametrize("account", ["@all", "a|b", "张三", "", "x" * 65])
def test_an_account_that_would_address_others_is_refused(sqlite: Database, account: str) -> None:
    office = Office(sqlite)
    office.put(account, text="秘密")
    office.delivery.sweep()
    assert office.wecom.bodies == []
    assert office.states() == {"failed": 1}


def test_a_bug_in_preparing_one_message_stops_no_other(office: Office) -> None:
    def buggy(facts: dict[str, Any]) -> Composed:
        return text({"text": facts["text"]} if facts["text"] != "坏" else {"parts": [1 / 0]})

    office.put("a", text="好")
    office.put("b", text="坏")
    office.put("c", text="也好")
    office.composer.how = buggy
    office.delivery.sweep()
    assert office.wecom.copies == {"a": 1, "c": 1}
    for _ in range(5):
        office.pass_time(60 * MINUTE)
        office.delivery.sweep()
    [failure] = office.database.read(undelivered.failures)
    assert (failure.touser, failure.state) == ("b", "failed")


def test_a_process_that_lost_its_lease_writes_nothing(office: Office) -> None:
    """The first process answers so late that another one has long taken over and sent."""
    office.put("linxian", text="请报告")

    def overtaken() -> None:
        office.pass_time(LEASE)
        late = RecordingWeCom()
        other = office.another_process()
        other.sender = late
        other.sweep()
        assert late.bodies == office.wecom.bodies
        raise SendFailed(Outcome.REQUEST, 45002)

    office.wecom.after = [overtaken]
    office.delivery.sweep()
    assert office.row("linxian").state == "sent"


def test_no_transaction_is_open_while_wecom_is_called(office: Office) -> None:
    """A write in the middle of the call would wait for ever if the sweep held one."""
    office.put("linxian", text="请报告")
    office.wecom.before = [lambda: office.put("shuangta", text="新的")]
    office.delivery.sweep()
    office.delivery.sweep()
    assert office.wecom.copies == {"linxian": 1, "shuangta": 1}


def test_stopping_gives_back_what_was_not_tried(office: Office) -> None:
    for number in range(30):
        office.put(f"u{number}", text=f"给 {number}")
    office.wecom.after = [office.delivery.stop]
    office.delivery.sweep()
    sent = len(office.wecom.bodies)
    assert 1 <= sent <= 8, "only calls that were under way"
    assert office.states() == {"sent": sent, "queued": 30 - sent}
    assert office.delivery.drain() == 0
    assert office.another_process().drain() == 30 - sent
    assert set(office.wecom.copies.values()) == {1}


def test_draining_goes_on_until_nothing_is_due(sqlite: Database) -> None:
    office = Office(sqlite)
    office.put(*(f"u{number}" for number in range(4100)), text="八一走访提醒")
    assert office.delivery.drain() == 4100
    assert len(office.wecom.bodies) == 5


class Hasty(Plain):
    """A composer whose reading for all at once has a bug."""

    def gather(self, session: Session, rows: Sequence[Claimed]) -> None:
        assert rows
        session.execute(literal_text("SELECT * FROM nowhere"))


def test_a_bug_in_reading_for_all_at_once_keeps_no_message(office: Office) -> None:
    office.composer = Hasty()
    office.delivery = office.another_process()
    office.put("linxian", "shuangta", text="请报告")
    assert office.delivery.drain() == 2
    assert office.wecom.copies == {"linxian": 1, "shuangta": 1}
