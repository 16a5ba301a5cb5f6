"""The simulator for tests, benchmarks and the demo: one object that is a whole WeCom.

with Simulator(people, clock=clock) as wecom:
    ...                     # start the bot with wecom.settings() as its [wecom] section
    wecom.connect(callback_url)
    assert wecom.say("wangli", "帮助") == "…"
    assert wecom.pushes("zhangwei") == ["…"]
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from simulator.callback import Callback, Delivery, Transport, over_http
from simulator.calls import ApiCall
from simulator.clock import Clock, RunningClock
from simulator.control import TimeMachine
from simulator.conversations import Entry, Kind
from simulator.corp import Corp, random_corp
from simulator.faults import Faults
from simulator.people import Person
from simulator.phone import Click, Phones
from simulator.photo import sample_photo
from simulator.plain import plain
from simulator.server import HOST, Server, make_app
from simulator.world import World


class Silence(AssertionError):
    """The bot took a message without answering 200, or its reply was unusable."""


class Simulator:
    """A WeCom on an ephemeral port (or `port`) of `host`, from start() to stop().

    `clock` is what the phones show: any object with now() and set(at), for example the bot's own
    ManualClock. `move` is called when it is to be moved; by default it sets the clock.
    `machine_clock` is the network's: it stamps envelopes and ends tokens, and takes no part in a
    rehearsal; by default it is this machine's.
    `pause` is the time in seconds until WeCom repeats a failed delivery.
    """

    def __init__(  # noqa: PLR0913 - all but the people have a default
        self,
        people: Iterable[Person] = (),
        *,
        clock: Clock | None = None,
        machine_clock: Clock | None = None,
        corp: Corp | None = None,
        port: int = 0,
        host: str = HOST,
        move: TimeMachine | None = None,
        pause: float = 0,
    ) -> None:
        self.clock: Clock = clock or RunningClock()
        self.corp = corp or random_corp()
        self.machine_clock: Clock = machine_clock or RunningClock()
        self.world = World(self.corp, people, self.clock, self.machine_clock)
        self._transport: Transport = _nobody
        callback = Callback(self.corp, self.machine_clock, self._carry, pause)
        self.phones = Phones(self.world, callback)
        self._move = move or self.clock.set
        self._host = host
        self._server = Server(make_app(self.world, self.phones, self.move_to, host), port, host)
        self._last: Delivery | None = None
        self._taken: dict[str, int] = {}

    def start(self) -> Self:
        """Begin to answer API calls."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Close the port."""
        self.world.conversations.close()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """The bot's `api_base_url`, and the chat page's address."""
        return f"http://{self._host}:{self._server.port}"

    def settings(self) -> dict[str, str | int]:
        """Return the bot's `[wecom]` section."""
        return self.corp.settings(self.base_url)

    def connect(self, callback: str | Transport) -> None:
        """Tell WeCom where the bot is: its callback URL, or a function in this process.

        A function takes the query string and the body and returns status and body.
        """
        if isinstance(callback, str):
            self.world.trusted_host = urlsplit(callback).netloc
            self._transport = over_http(callback)
        else:
            self._transport = callback

    # What a person does

    def say(self, userid: str, text: str) -> str | None:
        """Send a text and return the passive reply's text; None when the bot replied nothing.

        Silence is raised when no delivery was answered with 200 or the reply was unusable.
        """
        return self._heard(self.phones.say(userid, text)).text

    def send(self, userid: str, text: str) -> Delivery:
        """Send a text and return all that became of it, a failure included."""
        self._last = self.phones.say(userid, text)
        return self._last

    def click(
        self,
        userid: str,
        key: str,
        selections: Mapping[str, Iterable[str]] | None = None,
        entry: int | None = None,
    ) -> Delivery:
        """Press a button of a card: the newest that has it, or that of `entry`."""
        return self._heard(self.phones.click(userid, Click(key, selections or {}, entry)))

    def photo(self, userid: str, content: bytes | None = None) -> Delivery:
        """Send a picture; any picture when none is given."""
        picture = content or sample_photo()
        return self._heard(self.phones.photo(userid, "photo.png", picture, self.base_url))

    def enter(self, userid: str) -> Delivery:
        """Open the conversation (event enter_agent)."""
        return self._heard(self.phones.enter(userid))

    def subscribe(self, userid: str) -> Delivery:
        """Come into the visible range (event subscribe)."""
        return self._heard(self.phones.subscribe(userid))

    def unsubscribe(self, userid: str) -> Delivery:
        """Leave the visible range (event unsubscribe)."""
        return self._heard(self.phones.unsubscribe(userid))

    def press_menu(self, userid: str, key: str) -> Delivery:
        """Press a button of the menu (event click)."""
        return self._heard(self.phones.press_menu(userid, key))

    def redeliver(self, times: int) -> list[Delivery]:
        """Deliver the last message or event again, byte for byte, so many times."""
        assert self._last is not None, "nothing was delivered yet"
        return self.phones.redeliver(self._last, times)

    # What a person sees

    def entries(self, userid: str) -> list[Entry]:
        """Return the whole conversation, oldest first."""
        return self.world.conversations.entries(userid)

    def pushes(self, userid: str) -> list[str]:
        """Return what the app sent by itself, as plain text, oldest first."""
        return [plain(entry) for entry in self._pushed(userid)]

    def new_pushes(self, userid: str) -> list[str]:
        """Return the pushes that this method has not returned before."""
        pushed = self._pushed(userid)
        start = self._taken.get(userid, 0)
        self._taken[userid] = len(pushed)
        return [plain(entry) for entry in pushed[start:]]

    def wait_for_pushes(self, userid: str, count: int = 1, seconds: float = 5) -> list[str]:
        """Wait until the person has `count` pushes in all, and return them."""
        enough = self.world.conversations.wait_until(
            lambda: len(self._pushed(userid)) >= count, seconds
        )
        seen = self.pushes(userid)
        assert enough, f"{userid} got {len(seen)} of {count} pushes: {seen}"
        return seen

    # What WeCom knows and does

    @property
    def faults(self) -> Faults:
        """The faults of the API, to set and clear."""
        return self.world.faults

    def calls(self, endpoint: str = "") -> list[ApiCall]:
        """Return the API calls so far, oldest first."""
        return self.world.calls.of(endpoint)

    def move_to(self, at: datetime) -> None:
        """Move the clock to a moment with a zone."""
        self._move(at)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.move_to(self.clock.now() + by)

    def _carry(self, query: str, body: bytes) -> tuple[int, bytes]:
        return self._transport(query, body)

    def _pushed(self, userid: str) -> list[Entry]:
        return [entry for entry in self.entries(userid) if entry.message.kind is Kind.PUSH]

    def _heard(self, delivery: Delivery) -> Delivery:
        self._last = delivery
        if delivery.problem:
            statuses = [attempt.status for attempt in delivery.attempts]
            raise Silence(f"{delivery.problem} {statuses}")
        return delivery


def _nobody(_query: str, _body: bytes) -> tuple[int, bytes]:
    raise ConnectionRefusedError("connect() was not called")
