"""A bug in a handler: the person gets an apology, the message is kept, nothing is half-done."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.conversation import Context, Reply, Router, State, command
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.router import Routes
from bot.errors import Refusal
from bot.storage import audit, inbox
from handlers import ROUTERS
from tests.support.office import Office

router = Router("broken")
APOLOGY = re.compile(r"抱歉.*没有丢失。\n管理员已收到通知（编号 ([0-9a-f]{8})）", re.DOTALL)
A_REPORT = "第11条 已完成，走访部队5个"


class Waiting:
    """A state that only broken handlers ask for."""

    there = State()


def books(ctx: Context) -> None:
    ctx.services.progress.book(ctx.person, [11], ctx.services.reading.read(A_REPORT))
    ctx.services.notices.say("bangongshi", "有人填报了", key="broken")


@router.on(command("坏一"))
def raises(ctx: Context) -> Reply:
    books(ctx)
    raise RuntimeError("boom")


@router.on(command("坏二"))
def breaks_the_transaction(ctx: Context) -> Reply:
    books(ctx)
    ctx.services.session.execute(text("INSERT INTO units (id) VALUES (1)"))
    return Reply("never seen")


@router.on(command("坏三"))
def remembers_what_cannot_be_kept(ctx: Context) -> Reply:
    books(ctx)
    return Reply("never seen").then(Waiting.there, when=ctx.now)


@router.on(command("坏四"))
def answers_nonsense(ctx: Context) -> Reply:
    books(ctx)
    return "no reply"  # type: ignore[return-value]


@router.on(command("坏五"))
def asks_the_database_nonsense(ctx: Context) -> Reply:
    books(ctx)
    ctx.services.session.execute(text("SELECT nothing FROM nowhere"))
    return Reply("never seen")


@router.on(command("不行"))
def refuses(ctx: Context) -> Reply:
    books(ctx)
    raise Refusal("这样不行，请换一种说法。")


BUGS = ("坏一", "坏二", "坏三", "坏四", "坏五")
Says = Callable[[str], str]


@pytest.fixture
def dispatcher(office: Office) -> Dispatcher:
    """The bot's own dispatcher with one more router, which is broken."""
    routes = Routes([router, *ROUTERS])
    return Dispatcher(office.bot.database, routes, office.bot.make_services, office.clock)


@pytest.fixture
def says(office: Office, dispatcher: Dispatcher) -> Says:
    """What the contact of 临县 types, and the answer."""

    def say(words: str) -> str:
        key = f"test:{office.clock.now().timestamp()}"
        office.clock.advance(timedelta(seconds=10))
        return dispatcher.handle(message(key, words)).text

    return say


def message(key: str, words: str) -> Incoming:
    return Incoming(key, "linxian", Kind.WORDS, words, words.encode())


def reference_in(answer: str) -> str:
    found = APOLOGY.match(answer)
    assert found, answer
    return found[1]


@pytest.mark.parametrize("bug", BUGS)
def test_the_person_gets_an_apology_and_the_office_the_same_reference(
    office: Office, says: Says, bug: str
) -> None:
    reference = reference_in(says(bug))
    [kept] = office.bot.database.read(inbox.failed)
    assert (kept.userid, kept.plaintext, kept.reference) == ("linxian", bug.encode(), reference)
    office.delivery.drain()
    for person in ("bangongshi", "bangongshi2"):
        [told] = office.person(person).hears()
        assert f"编号 {reference}" in told
        assert "boom" not in told
    assert office.person("linxian").hears() == []


@pytest.mark.parametrize("bug", [*BUGS, "不行"])
def test_nothing_is_half_done(office: Office, says: Says, bug: str) -> None:
    says(bug)
    assert "没有可以更正或撤回的填报" in says("撤回")
    assert "已报 0" in office.person("bangongshi").says("第11条 汇总")
    assert office.bot.database.read(lambda s: audit.of_subject(s, "assignment:1")) == []
    office.delivery.drain()
    assert not any("有人填报了" in told for told in office.person("bangongshi").hears())


@pytest.mark.parametrize("bug", [*BUGS, "不行"])
def test_a_dialogue_goes_on_where_it_was(says: Says, bug: str) -> None:
    assert says("进度").startswith("请问填报哪一项？")
    says(bug)
    assert "请用一句话说明进展" in says("1")
    assert says("已完成，走访部队5个").startswith("已记录：第11条 八一走访慰问（临县）")


def test_a_refusal_is_an_answer_and_no_failure(office: Office, says: Says) -> None:
    assert says("不行") == "这样不行，请换一种说法。"
    assert office.bot.database.read(inbox.failed) == []


@pytest.mark.parametrize("bug", BUGS)
def test_a_redelivery_gets_the_same_apology(
    office: Office, dispatcher: Dispatcher, bug: str
) -> None:
    first, *others = [dispatcher.handle(message("one key", bug)) for _ in range(3)]
    assert APOLOGY.match(first.text)
    assert others == [first, first]
    assert len(office.bot.database.read(inbox.failed)) == 1


def test_a_click_that_fails_is_apologised_for_as_well(
    office: Office, dispatcher: Dispatcher
) -> None:
    click = replace(message("click", "坏一"), kind=Kind.CLICK)
    assert dispatcher.handle(click).button == "已收到"
    office.delivery.drain()
    [apology] = office.person("linxian").hears()
    assert APOLOGY.match(apology)
