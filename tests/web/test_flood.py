"""One person, or somebody without a key, sends far too much: nobody else notices."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bot.conversation.middleware import MOST_PER_MINUTE
from bot.storage.inbox import InboxRow
from bot.storage.outbox import OutboxRow
from bot.texts import conversation as texts
from simulator.passive import read_reply
from tests.support.caller import Caller, Request
from tests.support.office import Office
from tests.web import both

WHO = "linxian"
opened = both.opened


def stored(office: Office, userid: str = WHO) -> tuple[int, int]:
    """Return how many messages are kept of that person, and how many wait for them."""
    return office.bot.database.read(
        lambda session: (
            session.scalar(select(func.count()).where(InboxRow.userid == userid)) or 0,
            session.scalar(select(func.count()).where(OutboxRow.touser == userid)) or 0,
        )
    )


@contextmanager
def counted_statements(office: Office) -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    engine = office.bot.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_thousand_messages_of_one_person(office: Office, caller: Caller) -> None:
    """The first thirty are handled, the others answered at no cost; colleagues are served."""
    before = stored(office)
    now = office.clock.now()
    flood = [caller.text(WHO, "帮助", now) for _ in range(1000)]
    colleagues = ["fangshan", "wenshui", "bangongshi"] * 8
    with ThreadPoolExecutor(5) as pool:
        answers = pool.map(lambda plaintext: caller.delivers(WHO, plaintext, now), flood)
        others = [office.person(userid).says("第9条") for userid in colleagues]
        told = Counter(reply.text if reply else None for reply in answers)
    assert all("第9条" in answer for answer in others)
    assert told.pop(texts.too_fast()) == 1000 - MOST_PER_MINUTE
    assert sum(told.values()) == MOST_PER_MINUTE
    after = stored(office)
    assert after == (before[0] + MOST_PER_MINUTE, before[1]), "neither rows nor pushes"


def test_what_is_too_much_is_not_even_looked_up(office: Office, caller: Caller) -> None:
    now = office.clock.now()
    for _ in range(MOST_PER_MINUTE):
        caller.delivers(WHO, caller.text(WHO, "第9条", now), now)
    with counted_statements(office) as asked:
        for _ in range(20):
            reply = caller.delivers(WHO, caller.text(WHO, "第11条 已完成", now), now)
            assert reply is not None
            assert reply.text == texts.too_fast()
    assert asked == []


def test_a_redelivery_gets_its_own_answer_though_too_much_came_since(
    office: Office, caller: Caller
) -> None:
    now = office.clock.now()
    first = caller.sealed(caller.text(WHO, "第11条 推进中", now), now)
    booked = caller.call(first).content
    for _ in range(MOST_PER_MINUTE + 5):
        caller.delivers(WHO, caller.text(WHO, "第9条", now), now)
    again = read_reply(caller.envelope(), caller.call(first).content, WHO)
    assert again == read_reply(caller.envelope(), booked, WHO)
    assert again is not None
    assert "第11条" in (again.text or "")


def test_after_a_minute_the_person_is_heard_again(office: Office, caller: Caller) -> None:
    now = office.clock.now()
    for _ in range(MOST_PER_MINUTE + 1):
        last = caller.delivers(WHO, caller.text(WHO, "第9条", now), now)
    assert last is not None
    assert last.text == texts.too_fast()
    office.clock.advance(timedelta(seconds=61))
    assert "第9条" in office.person(WHO).says("第9条")


def test_a_flood_of_clicks_is_told_on_the_button_and_pushes_nothing_more(
    office: Office, caller: Caller
) -> None:
    before = stored(office)
    now = office.clock.now()
    buttons: Counter[str] = Counter()
    for number in range(MOST_PER_MINUTE + 40):
        fields = {"TaskId": "t", "CardType": "button_interaction", "ResponseCode": str(number),
                  "EventKey": "第9条"}  # fmt: skip
        plaintext = caller.event(WHO, now, "template_card_event", fields)
        reply = caller.delivers(WHO, plaintext, now)
        assert reply is not None
        buttons[reply.body["button"]["replace_name"]] += 1
    assert buttons == {texts.clicked(): MOST_PER_MINUTE, texts.clicked_too_fast(): 40}
    after = stored(office)
    assert after == (before[0] + MOST_PER_MINUTE, before[1] + MOST_PER_MINUTE)


def test_opening_the_chat_over_and_over_fills_no_table(office: Office, caller: Caller) -> None:
    before = stored(office)
    for number in range(200):
        at = office.clock.now() + timedelta(seconds=number)
        opened = caller.event(WHO, at, "enter_agent", {"EventKey": ""})
        assert caller.delivers(WHO, opened, at) is None
    assert stored(office) == (before[0] + MOST_PER_MINUTE, before[1])


def test_what_wecom_says_of_the_corp_is_never_too_much(office: Office, caller: Caller) -> None:
    before = stored(office, "sys")
    now = office.clock.now()
    for number in range(MOST_PER_MINUTE + 10):
        fields = {"ChangeType": "create_user", "UserID": f"u{number}"}
        caller.delivers("sys", caller.event("sys", now, "change_contact", fields), now)
    assert stored(office, "sys")[0] == before[0] + MOST_PER_MINUTE + 10


def test_forged_signatures_cost_no_database(office: Office, caller: Caller) -> None:
    now = office.clock.now()
    genuine = caller.sealed(caller.text(WHO, "帮助", now), now)
    forged = [
        genuine.with_query(msg_signature=f"{number:040x}", nonce=str(number))
        for number in range(200)
    ]
    with counted_statements(office) as asked, ThreadPoolExecutor(4) as pool:
        statuses = Counter(pool.map(lambda request: status(caller, request), forged))
    assert statuses == {403: 200}
    assert asked == []
    assert "第9条" in office.person("fangshan").says("第9条")


def status(caller: Caller, request: Request) -> int:
    return caller.call(request).status_code


def test_who_has_too_much_waiting_starves_nobody(office: Office) -> None:
    """WeCom takes twenty messages a minute for one person; two thousand wait for 临县."""

    def queue(userid: str, number: int) -> None:
        def work(session: Session) -> None:
            notices = office.bot.make_services(session).notices
            for one in range(number):
                notices.say(userid, f"通知{one}", key=f"flood:{userid}:{one}")

        office.bot.database.run(work)

    office.delivery.drain()
    office.wecom.new_pushes(WHO)
    office.wecom.new_pushes("fangshan")
    queue(WHO, 2100)
    queue("fangshan", 2)
    office.delivery.drain()
    assert len(office.wecom.new_pushes(WHO)) <= 20
    assert len(office.wecom.new_pushes("fangshan")) == 2
