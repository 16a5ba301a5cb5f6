"""The shared access token: one refreshes, nobody drops a newer one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.outbox.tokens import DatabaseTokens
from bot.storage.database import Database
from bot.wecom.tokens import Token
from tests.support.use_cases import NOW

KEY = "ww1:1000002:abcdef12"
LEASE = timedelta(seconds=15)
LATER = NOW + timedelta(hours=2)


def lease(store: DatabaseTokens, holder: str, now: datetime = NOW) -> bool:
    return store.try_lease(KEY, holder, now, now + LEASE)


def test_of_many_only_one_may_refresh(database: Database) -> None:
    store = DatabaseTokens(database)
    barrier = threading.Barrier(8)

    def race(number: int) -> bool:
        barrier.wait(timeout=10)
        return lease(store, f"holder {number}")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(race, range(8))) == [False] * 7 + [True]


def test_a_lease_ends_with_the_new_token_or_when_its_time_is_up(database: Database) -> None:
    store = DatabaseTokens(database)
    assert lease(store, "a")
    assert lease(store, "a"), "the holder itself may take it again"
    assert not lease(store, "b", NOW + LEASE - timedelta(seconds=1))
    assert lease(store, "b", NOW + LEASE)
    store.save(KEY, Token("t1", LATER))
    assert lease(store, "c")


def test_a_token_is_there_for_all_processes(database: Database) -> None:
    store = DatabaseTokens(database)
    assert store.load(KEY) is None
    lease(store, "a")
    assert store.load(KEY) is None, "a lease is no token"
    store.save(KEY, Token("t1", LATER))
    other = Database(database.url)
    assert DatabaseTokens(other).load(KEY) == Token("t1", LATER)
    other.close()


def test_only_the_token_that_was_refused_is_dropped(database: Database) -> None:
    store = DatabaseTokens(database)
    lease(store, "a")
    store.save(KEY, Token("t2", LATER))
    store.drop(KEY, "t1")
    assert store.load(KEY) == Token("t2", LATER)
    store.drop(KEY, "t2")
    assert store.load(KEY) is None


def test_of_many_that_saw_the_refusal_none_drops_the_new_token(database: Database) -> None:
    store = DatabaseTokens(database)
    lease(store, "a")
    store.save(KEY, Token("old", LATER))
    barrier = threading.Barrier(6)

    def refused(number: int) -> None:
        barrier.wait(timeout=10)
        store.drop(KEY, "old")
        if lease(store, f"h{number}"):
            store.save(KEY, Token("new", LATER))
        store.drop(KEY, "old")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(refused, range(6)))
    assert store.load(KEY) == Token("new", LATER)


def test_other_apps_have_tokens_of_their_own(database: Database) -> None:
    store = DatabaseTokens(database)
    lease(store, "a")
    store.save(KEY, Token("t1", LATER))
    assert store.try_lease("other", "b", NOW, NOW + LEASE)
    assert store.load("other") is None
