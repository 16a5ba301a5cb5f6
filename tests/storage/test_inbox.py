"""The inbox: each message once, with the answer it got."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.storage import inbox
from bot.storage.database import Database

NOW = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
ODD = bytes(range(256))


def accept(session: Session, key: str, userid: str = "linxian", at: datetime = NOW) -> int | None:
    return inbox.accept(session, key, userid, "words", ODD, at)


def test_a_known_key_is_not_accepted_again_and_its_answer_is_known(database: Database) -> None:
    first = database.run(lambda session: accept(session, "k"))
    assert first is not None
    answer = {"text": "已记录：“]]>”😀", "button": ""}
    database.run(lambda session: inbox.finish(session, first, inbox.HANDLED, answer))
    assert database.run(lambda session: accept(session, "k")) is None
    assert database.read(lambda session: inbox.answer_to(session, "k")) == answer
    assert database.read(lambda session: inbox.answer_to(session, "other")) is None


def test_of_many_deliveries_at_once_one_is_new(database: Database) -> None:
    barrier = threading.Barrier(8)

    def deliver(_number: int) -> bool:
        barrier.wait(timeout=10)
        return database.run(lambda session: accept(session, "k")) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(deliver, range(8))) == [False] * 7 + [True]


def test_a_second_delivery_waits_for_the_answer_of_the_first(database: Database) -> None:
    """Whoever comes while the first is still being handled gets its answer, never silence."""
    begun, go_on = threading.Event(), threading.Event()

    def first(session: Session) -> None:
        number = accept(session, "k")
        begun.set()
        assert go_on.wait(10)
        assert number is not None
        inbox.finish(session, number, inbox.HANDLED, {"text": "ready"})

    def second(session: Session) -> object:
        assert accept(session, "k") is None
        return inbox.answer_to(session, "k")

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(database.run, first)
        assert begun.wait(10)
        other = pool.submit(database.run, second)
        go_on.set()
        one.result(timeout=10)
        assert other.result(timeout=10) == {"text": "ready"}


def test_messages_of_a_person_are_counted_within_a_time(database: Database) -> None:
    def work(session: Session) -> list[int]:
        for minute in range(5):
            accept(session, f"l{minute}", at=NOW + timedelta(minutes=minute))
        accept(session, "f", userid="fangshan")
        return [
            inbox.count_between(session, "linxian", NOW, NOW + timedelta(minutes=4)),
            inbox.count_between(session, "linxian", NOW, NOW + timedelta(seconds=59)),
            inbox.count_between(session, "nobody", NOW, NOW + timedelta(minutes=4)),
        ]

    assert database.run(work) == [5, 1, 0]


def test_what_failed_is_kept_to_the_byte_with_its_reference(database: Database) -> None:
    def work(session: Session) -> None:
        for key, state in (("a", inbox.HANDLED), ("b", inbox.FAILED), ("c", inbox.FAILED)):
            number = accept(session, key)
            assert number is not None
            inbox.finish(session, number, state, None, key * 8)

    database.run(work)
    failed = database.read(inbox.failed)
    assert [(row.key, row.reference) for row in failed] == [("b", "b" * 8), ("c", "c" * 8)]
    assert failed[0].plaintext == ODD
    assert failed[0].received_at == NOW
    assert database.read(inbox.counts) == {"handled": 1, "failed": 2}
