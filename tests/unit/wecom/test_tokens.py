"""The access token: asked for once, shared by everyone, renewed before it dies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event

import pytest

from bot.clock import SHANGHAI, ManualClock
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import SendFailed
from bot.wecom.tokens import Token, TokenSource, token_key
from tests.unit.wecom.store import MemoryStore

KEY = "corp:1:abcdef01"
LIFE = timedelta(hours=2)


class Issuer:
    """Counts what it gives out; `failure` is raised instead while it is set."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.count = 0
        self.failure: SendFailed | None = None

    def fetch(self) -> Token:
        self.count += 1
        if self.failure:
            raise self.failure
        return Token(f"token-{self.count}", self.clock.now() + LIFE)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 8, 1, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture
def issuer(clock: ManualClock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
def process(clock: ManualClock, issuer: Issuer, store: MemoryStore) -> Callable[[], TokenSource]:
    """Makes sources as separate processes would; waiting moves the clock, not the test."""

    def wait(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    return lambda: TokenSource(KEY, store, clock, issuer.fetch, wait)


def test_the_key_shows_nothing_of_the_secret() -> None:
    key = token_key("ww1", 1000002, "very-secret-value")
    assert key.startswith("ww1:1000002:")
    assert "very" not in key
    assert key != token_key("ww1", 1000002, "another")
    assert key != token_key("ww1", 1000003, "very-secret-value")


def test_a_token_does_not_show_itself(clock: ManualClock) -> None:
    assert "abc" not in repr(Token("abc", clock.now()))


def test_a_second_process_uses_the_same_token(
    process: Callable[[], TokenSource], issuer: Issuer
) -> None:
    assert process().get() == process().get() == "token-1"
    assert issuer.count == 1


def test_is_renewed_after_four_fifths_of_its_life(
    process: Callable[[], TokenSource], clock: ManualClock
) -> None:
    source = process()
    assert source.get() == "token-1"
    clock.advance(LIFE * 0.79)
    assert source.get() == "token-1"
    clock.advance(LIFE * 0.02)
    assert source.get() == "token-2"


def test_a_renewal_by_one_process_reaches_the_other(
    process: Callable[[], TokenSource], clock: ManualClock, issuer: Issuer
) -> None:
    one, two = process(), process()
    one.get()
    two.get()
    clock.advance(LIFE * 0.81)
    assert one.get() == two.get() == "token-2"
    assert issuer.count == 2


def test_an_expired_token_is_never_handed_out(
    process: Callable[[], TokenSource], clock: ManualClock
) -> None:
    process().get()
    clock.advance(LIFE)
    assert process().get() == "token-2"


def test_while_one_process_renews_the_other_goes_on_with_the_old_token(
    process: Callable[[], TokenSource], clock: ManualClock, store: MemoryStore, issuer: Issuer
) -> None:
    source = process()
    source.get()
    clock.advance(LIFE * 0.81)
    store.try_lease(KEY, "another process", clock.now(), clock.now() + timedelta(seconds=15))
    assert source.get() == "token-1"
    assert issuer.count == 1


def test_a_failed_renewal_leaves_the_old_token_in_use(
    process: Callable[[], TokenSource], clock: ManualClock, issuer: Issuer
) -> None:
    source = process()
    source.get()
    clock.advance(LIFE * 0.81)
    issuer.failure = SendFailed(Outcome.TRANSIENT, -1)
    assert source.get() == "token-1"
    assert source.trouble is not None


def test_waits_for_the_process_that_is_fetching(
    clock: ManualClock, store: MemoryStore, issuer: Issuer
) -> None:
    store.try_lease(KEY, "another process", clock.now(), clock.now() + timedelta(seconds=15))
    looks = []

    def wait(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            store.save(KEY, Token("theirs", clock.now() + LIFE))

    assert TokenSource(KEY, store, clock, issuer.fetch, wait).get() == "theirs"
    assert issuer.count == 0


def test_takes_over_when_the_other_process_died_while_fetching(
    process: Callable[[], TokenSource], clock: ManualClock, store: MemoryStore
) -> None:
    store.try_lease(KEY, "a dead process", clock.now(), clock.now() + timedelta(seconds=10))
    assert process().get() == "token-1"


def test_gives_up_waiting_after_a_while(
    clock: ManualClock, store: MemoryStore, issuer: Issuer
) -> None:
    store.try_lease(KEY, "another process", clock.now(), clock.now() + timedelta(hours=1))
    with pytest.raises(SendFailed) as failed:
        TokenSource(KEY, store, clock, issuer.fetch, lambda _seconds: None).get()
    assert failed.value.outcome is Outcome.TRANSIENT


def test_sixteen_threads_ask_once(clock: ManualClock, store: MemoryStore) -> None:
    issuer, barrier, slow = Issuer(clock), Barrier(16), Event()

    def fetch() -> Token:
        slow.wait(0.05)
        return issuer.fetch()

    source = TokenSource(KEY, store, clock, fetch)

    def ask(_number: int) -> str:
        barrier.wait()
        return source.get()

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(ask, range(16))) == {"token-1"}
    assert issuer.count == 1


class TestInvalidation:
    def test_a_refused_token_is_replaced(self, process: Callable[[], TokenSource]) -> None:
        source = process()
        source.invalidate(source.get())
        assert source.get() == "token-2"

    def test_a_late_refusal_of_the_old_token_spares_the_new_one(
        self, process: Callable[[], TokenSource], issuer: Issuer
    ) -> None:
        one, two = process(), process()
        old = one.get()
        assert two.get() == old
        one.invalidate(old)
        assert one.get() == "token-2"
        two.invalidate(old)
        assert two.get() == "token-2"
        assert issuer.count == 2


class TestBreaker:
    def ask(self, source: TokenSource) -> None:
        with pytest.raises(SendFailed):
            source.get()

    def test_a_wrong_secret_is_tried_twice_and_then_not_for_an_hour(
        self, process: Callable[[], TokenSource], clock: ManualClock, issuer: Issuer
    ) -> None:
        source = process()
        issuer.failure = SendFailed(Outcome.CONFIG, 40001)
        self.ask(source)
        self.ask(source)
        assert issuer.count == 1
        clock.advance(timedelta(minutes=1))
        self.ask(source)
        clock.advance(timedelta(minutes=59))
        self.ask(source)
        assert issuer.count == 2
        assert source.trouble is not None
        assert source.trouble.failure.errcode == 40001
        assert source.trouble.retry_at == clock.now() + timedelta(minutes=1)
        clock.advance(timedelta(minutes=1))
        issuer.failure = None
        assert source.get() == "token-3"
        assert source.trouble is None

    def test_an_untrusted_address_is_tried_again_every_minute(
        self, process: Callable[[], TokenSource], clock: ManualClock, issuer: Issuer
    ) -> None:
        source = process()
        issuer.failure = SendFailed(Outcome.CONFIG, 60020)
        for _ in range(4):
            self.ask(source)
            clock.advance(timedelta(minutes=1))
        assert issuer.count == 4

    def test_a_storm_of_callers_meets_an_unreachable_server_once(
        self, process: Callable[[], TokenSource], issuer: Issuer
    ) -> None:
        source = process()
        issuer.failure = SendFailed(Outcome.TRANSIENT)
        for _ in range(20):
            self.ask(source)
        assert issuer.count == 1
