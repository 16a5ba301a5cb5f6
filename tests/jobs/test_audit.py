"""The auditor: what should have happened and did not is put right once, and told once."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.outbox import queue, reasons
from bot.scheduling.registry import Job, Tick
from bot.scheduling.runner import Runner
from bot.scheduling.scheduler import due_between
from bot.services import Services
from bot.services.audit_checks import CHECKS, Check, Span
from bot.storage import inbox, nodes, outbox, ticks
from bot.storage.findings import Finding, FindingRow
from bot.storage.inbox import Received
from bot.storage.outbox import OutboxRow
from bot.storage.reminders import ReminderRow
from bot.storage.ticks import TickRow
from bot.texts import audit as texts
from jobs import JOBS
from jobs.audit import audit
from tests.support.office import Office

AUDIT = timedelta(minutes=10)
RESULT = "【八一·报结果】"


def at(month: int, day: int, hour: int = 9, minute: int = 40) -> datetime:
    return datetime(2021, month, day, hour, minute, tzinfo=SHANGHAI)


def audits(office: Office, times: int = 1) -> list[str]:
    """Let so many audits pass, and return what the office heard of them."""
    for _ in range(times):
        office.clock.advance(AUDIT)
        office.act()
    return [text for text in office.person("bangongshi").hears() if "运行提醒" in text]


def do(office: Office, work: Callable[[Session], object]) -> None:
    def write(session: Session) -> None:
        work(session)

    office.bot.database.run(write)


@pytest.fixture
def steady(office: Office) -> Office:
    """An office whose bot has been running on the morning of 2 August, before the reminder."""
    office.clock.set(at(8, 2, 8, 40))
    office.act()
    assert audits(office, 2) == []
    return office


def test_when_all_is_well_nobody_hears_of_it_and_nothing_is_written(steady: Office) -> None:
    assert audits(steady, 2) == []
    assert any(RESULT in text for text in steady.person("fangshan").hears())
    assert audits(steady, 2) == []
    written = steady.bot.database.read(
        lambda session: session.scalar(select(func.count()).select_from(FindingRow))
    )
    assert written == 0


def test_a_message_that_reached_nobody_is_told_once_with_name_and_reason(steady: Office) -> None:
    steady.wecom.world.members.remove("fangshan")
    [told] = audits(steady, 3)
    assert "以下消息没有送达" in told
    assert "方山县" in told
    assert "账号 fangshan）：八一·报结果。" in told
    assert "请核对名单里的企业微信账号" in told
    assert audits(steady, 6) == []


def test_a_notice_that_fails_is_told_of_once_and_not_for_ever(steady: Office) -> None:
    steady.wecom.world.members.remove("fangshan")
    steady.wecom.world.members.remove("bangongshi2")
    first, second = audits(steady, 12)
    assert "账号 fangshan" in first
    assert "办小会（账号 bangongshi2）：通知。" in second
    assert "fangshan" not in second


def fail(office: Office, touser: str, **values: object) -> None:
    """Let a message to somebody have failed just now."""

    def work(session: Session) -> None:
        now, key = office.clock.now(), f"{touser}:{office.clock.now()}"
        queue.put(
            session, key=key, touser=touser, kind="text", facts={"text": "密"}, due_at=now, now=now
        )
        row = session.scalars(select(OutboxRow.id).where(OutboxRow.key == key)).one()
        ended = {"state": outbox.FAILED, "error": reasons.UNLICENSED, "ended_at": now}
        outbox.write(session, [row], **{**ended, **values})

    do(office, work)


def test_at_night_the_office_is_left_in_peace_and_told_in_the_morning(steady: Office) -> None:
    steady.clock.set(at(8, 2, 21))
    fail(steady, "fangshan")
    assert audits(steady, 2) == []
    steady.clock.set(at(8, 3, 7, 45))
    assert audits(steady, 1) == []
    [told] = audits(steady, 3)
    assert "基础接口许可" in told
    assert "密" not in told


def test_what_failed_on_two_nodes_is_told_by_one(steady: Office) -> None:
    fail(steady, "fangshan")
    other = steady.bot.runner()
    steady.clock.advance(AUDIT)
    for runner in (steady.runner, other):
        runner.pulse()
    steady.delivery.drain()
    assert len(steady.person("bangongshi").hears()) == 1


def test_an_audit_that_finds_a_hundred_people_names_a_few(steady: Office) -> None:
    for number in range(40):
        fail(steady, f"nobody{number}")
    [told] = audits(steady)
    assert "账号 nobody39（不在名单）：通知。" in told
    assert "另有 30 项" in told
    assert audits(steady, 3) == []


def broken(_tick: Tick) -> None:
    raise ZeroDivisionError


def runner_of(office: Office, *jobs: Job) -> Runner:
    bot = office.bot
    return Runner(bot.database, jobs, (), bot.make_services, office.clock, due_between)


def test_reminders_that_were_never_planned_are_planned_by_the_audit(steady: Office) -> None:
    do(steady, lambda session: session.execute(delete(OutboxRow)))
    do(steady, lambda session: session.execute(delete(ReminderRow)))
    plan = Job(broken, "plan_reminders", "* * * * *", timedelta(seconds=50), "fold")
    steady.runner = runner_of(steady, plan, audit)
    told = audits(steady, 12)
    assert [text for text in steady.person("fangshan").hears() if RESULT in text]
    assert "以下提醒漏排了：\n· 八一·报结果（8月2日 09:07）37 人\n已补排" in told[0]
    assert "· 编排提醒（8月2日 " in "".join(told[1:])
    assert sum("漏排" in text for text in told) == 1
    assert steady.person("fangshan").hears() == []


def test_a_reminder_that_lost_its_message_gets_it_again_once(steady: Office) -> None:
    do(
        steady,
        lambda session: session.execute(delete(OutboxRow).where(OutboxRow.touser == "fangshan")),
    )
    [told] = audits(steady, 4)
    assert "漏排" in told
    assert [text.split("】")[0] for text in steady.person("fangshan").hears()] == ["【八一·报结果"]
    assert len(steady.person("xingxian").hears()) == 1


def test_a_repair_that_does_not_help_is_told_a_second_and_last_time(steady: Office) -> None:
    def look(_services: Services, _span: Span) -> Iterator[Finding]:
        facts = {"what": "八一·报结果", "userid": "fangshan"}
        yield Finding("reminder:stubborn", "reminder", facts)

    tried = []
    checks = (Check("reminder", look, lambda _services, _span: tried.append(1)),)
    heard = [audit_with(steady, checks) for _ in range(4)]
    assert "已补排" in heard[0][0]
    assert "补过一次，仍然没有补上" in heard[1][0]
    assert heard[2:] == [[], []]
    assert len(tried) == 1


def audit_with(office: Office, checks: tuple[Check, ...]) -> list[str]:
    """Run one audit with other checks, and return what the office hears."""
    office.clock.advance(AUDIT)
    now = office.clock.now()
    do(
        office,
        lambda session: office.bot.make_services(session).audit.run(now, lambda _: [], checks),
    )
    office.delivery.drain()
    return office.person("bangongshi").hears()


def test_a_check_with_a_bug_is_told_and_keeps_no_other_from_its_work(steady: Office) -> None:
    def look(services: Services, _span: Span) -> Iterator[Finding]:
        services.session.execute(delete(OutboxRow))
        yield Finding("never stored", "lapsed", {"share": 1 / 0})

    fail(steady, "fangshan")
    [told] = audit_with(steady, (Check("lapsed", look), *CHECKS))
    assert "自查中这几项没有做成：停机期间错过的提醒" in told
    assert "方山县" in told
    assert audit_with(steady, (Check("lapsed", look), *CHECKS)) == []


def strand(office: Office, key: str, **values: object) -> None:
    """Let a message wait for a batch that is gone."""

    def work(session: Session) -> None:
        now = office.clock.now() - AUDIT * 2
        queue.put(
            session, key=key, touser="fangshan", kind="text", facts={"text": key}, due_at=now,
            now=now,
        )  # fmt: skip
        row = session.scalars(select(OutboxRow.id).where(OutboxRow.key == key)).one()
        left = {"state": outbox.SENDING, "lease_holder": "batch:99999", "lease_until": None}
        outbox.write(session, [row], **{**left, **values})

    do(office, work)


def test_a_message_that_waits_for_nothing_is_released_and_arrives_once(steady: Office) -> None:
    strand(steady, "等")
    [told] = audits(steady, 4)
    assert "有 1 条消息滞留在待发队列里。已放行" in told
    assert steady.person("fangshan").hears()[:1] == ["等"]


def test_a_message_that_its_batch_has_sent_is_not_sent_again(steady: Office) -> None:
    strand(steady, "领", state=outbox.QUEUED, lease_holder="")
    steady.delivery.drain()
    assert steady.person("fangshan").hears() == ["领"]
    strand(steady, "随")

    def follow(session: Session) -> None:
        ids = dict(
            session.execute(
                select(OutboxRow.key, OutboxRow.id).where(OutboxRow.key.in_(["领", "随"]))
            ).all()
        )
        outbox.write(session, [ids["随"]], lease_holder=f"batch:{ids['领']}")
        frozen = {"recipients": [[ids["领"], "fangshan"], [ids["随"], "fangshan"]]}
        outbox.write(session, [ids["领"]], frozen=frozen)

    do(steady, follow)
    assert "滞留" in audits(steady, 2)[0]
    assert "随" not in steady.person("fangshan").hears()
    states = steady.bot.database.read(
        lambda session: session.scalars(select(OutboxRow.state).where(OutboxRow.key == "随")).all()
    )
    assert states == [outbox.SENT]


def test_what_is_due_and_not_sent_though_the_bot_runs_is_told(steady: Office) -> None:
    steady.clock.set(at(8, 2, 9, 8))
    for _ in range(3):
        steady.clock.advance(AUDIT)
        steady.runner.pulse()
    steady.delivery.drain()
    [told] = steady.person("bangongshi").hears()
    assert "条消息到点没有发出，最早的应在 8月2日 09:07 发出" in told


def test_a_run_that_is_not_on_record_is_made_up_for_once(steady: Office) -> None:
    runs: list[datetime] = []
    every = Job(lambda tick: runs.append(tick.due), "tidy_ticks", "*/5 * * * *", AUDIT, "send")
    steady.runner = runner_of(steady, every, audit)
    audits(steady, 4)
    lost = runs[-6]
    do(steady, lambda session: session.execute(delete(TickRow).where(TickRow.due == lost)))
    [told] = audits(steady, 3)
    assert f"· 清理运行记录（8月2日 {lost:%H:%M}）\n已安排补做。" in told
    assert runs.count(lost) == 2
    assert len(set(runs)) == len(runs) - 1


def test_a_run_that_failed_before_the_bot_was_down_for_days_is_not_forgotten(
    steady: Office,
) -> None:
    do(
        steady,
        lambda session: ticks.try_again(
            session, ticks.Missing("tidy_ticks", at(8, 2, 3, 41)), steady.clock.now()
        ),
    )
    steady.clock.set(at(8, 5))
    told = audits(steady, 2)
    assert any(
        "以下定时任务多次失败，没有做成：\n· 清理运行记录（8月2日 03:41）" in one for one in told
    )


def test_a_letter_that_still_waits_for_a_repair_is_recalled(steady: Office) -> None:
    def keep(session: Session) -> None:
        letter = Received("k", "fangshan", "words", b"<xml/>", at(8, 2, 8, 50))
        assert inbox.store(session, letter, inbox.FAILED, None, "ab12")

    do(steady, keep)
    [told] = audits(steady, 12)
    assert "方山县" in told
    assert "8月2日 08:50（编号 ab12）" in told


def test_a_worker_that_died_is_told_by_those_that_live(steady: Office) -> None:
    machine = steady.bot.machine_clock.now()
    died = machine - timedelta(minutes=12)
    do(
        steady,
        lambda session: nodes.save(session, nodes.Node("far:1", died, died, died, died)),
    )
    [told] = audits(steady, 3)
    assert "· far:1：12 分钟没有心跳" in told


def test_every_job_and_every_check_has_a_name_for_the_office() -> None:
    assert set(texts.JOBS) == {job.name for job in JOBS}
    for check in CHECKS:
        shown = texts.report([texts.Found("check", check.kind)])
        assert f"没有做成：{check.kind}" not in shown


def test_a_deadline_that_lost_its_message_is_reminded_of_once(office: Office) -> None:
    office.clock.set(at(8, 26, 8, 50))
    office.act()
    office.clock.advance(timedelta(minutes=2))
    office.act()
    do(
        office,
        lambda session: session.execute(delete(OutboxRow).where(OutboxRow.touser == "jiaoyuju")),
    )
    [told] = audits(office, 4)
    assert "· 到期提醒（8月26日 09:07）1 人\n已补排" in told
    assert [text[:6] for text in office.person("jiaoyuju").hears()] == ["【到期提醒】"]
