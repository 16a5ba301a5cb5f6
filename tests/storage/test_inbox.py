"""The inbox: each message once, with the answer it got."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.domain.people import Person, Role, Unit
from bot.storage import arrival, inbox, people
from bot.storage.arrival import Arrival
from bot.storage.database import Database, LostRace
from bot.storage.inbox import Received

NOW = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
ODD = bytes(range(256))


def store(
    session: Session, key: str, userid: str = "linxian", at: datetime = NOW, **more: Any
) -> bool:
    received = Received(key, userid, "words", ODD, at)
    return inbox.store(session, received, more.pop("state", inbox.HANDLED), **more)


def meet(session: Session, key: str, userid: str = "linxian", at: datetime = NOW) -> Arrival:
    return arrival.arrive(session, key, userid, at)


def test_a_known_key_is_not_stored_again_and_its_answer_is_known(database: Database) -> None:
    answer = {"text": "已记录：“]]>”😀", "button": ""}
    assert database.run(lambda session: store(session, "k", answer=answer))
    assert not database.run(lambda session: store(session, "k"))
    met = database.run(lambda session: meet(session, "k"))
    assert (met.known, met.answer) == (True, answer)
    met = database.run(lambda session: meet(session, "other"))
    assert (met.known, met.answer) == (False, None)


def test_of_many_deliveries_at_once_one_is_new(database: Database) -> None:
    barrier = threading.Barrier(8)

    def deliver(_number: int) -> bool:
        barrier.wait(timeout=10)
        return database.run(lambda session: store(session, "k"))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(deliver, range(8))) == [False] * 7 + [True]


def test_a_second_delivery_waits_for_the_answer_of_the_first(database: Database) -> None:
    """Whoever comes while the first is still being handled gets its answer, never silence."""
    begun, go_on = threading.Event(), threading.Event()

    def first(session: Session) -> None:
        assert not meet(session, "k").known
        begun.set()
        assert go_on.wait(10)
        assert store(session, "k", answer={"text": "ready"})

    def second(session: Session) -> object:
        met = meet(session, "k")
        if not met.known and not store(session, "k", answer={"text": "second"}):
            raise LostRace
        return met.answer

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(database.run, first)
        assert begun.wait(10)
        other = pool.submit(database.run, second)
        go_on.set()
        one.result(timeout=10)
        assert other.result(timeout=10) == {"text": "ready"}


def test_messages_of_a_person_are_counted_within_a_minute(database: Database) -> None:
    def keep(session: Session) -> None:
        for second in range(0, 125, 25):
            store(session, f"l{second}", at=NOW + timedelta(seconds=second))
        store(session, "f", userid="fangshan")

    def count(session: Session) -> list[int]:
        late = NOW + timedelta(seconds=100)
        return [meet(session, "new", who, late).recent for who in ("linxian", "fangshan", "nobody")]

    database.run(keep)
    assert database.run(count) == [3, 0, 0]


def test_a_person_is_met_with_their_unit(database: Database) -> None:
    unit = Unit(1, "临县", "县市区", None)

    def enter(session: Session) -> None:
        people.save_unit(session, "临县", "县市区", None)
        people.save_person(session, "LinXian", "李联络", unit, Role.CONTACT)
        people.save_person(session, "gone", "走了", unit, Role.CONTACT)
        session.flush()
        people.set_active(session, "gone", active=False)

    database.run(enter)
    met = database.run(lambda session: meet(session, "k", "LINXIAN"))
    assert met.person == Person("linxian", "李联络", Role.CONTACT, unit)
    assert database.run(lambda session: meet(session, "k", "gone")).person is None
    assert database.run(lambda session: meet(session, "k", "nobody")).person is None


def test_what_failed_is_kept_to_the_byte_with_its_reference(database: Database) -> None:
    def work(session: Session) -> None:
        for key, state in (("a", inbox.HANDLED), ("b", inbox.FAILED), ("c", inbox.FAILED)):
            assert store(session, key, state=state, reference=key * 8)

    database.run(work)
    failed = database.read(inbox.failed)
    assert [(row.key, row.reference) for row in failed] == [("b", "b" * 8), ("c", "c" * 8)]
    assert failed[0].plaintext == ODD
    assert failed[0].received_at == NOW
    assert database.read(inbox.counts) == {"handled": 1, "failed": 2}
