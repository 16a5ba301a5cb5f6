"""Everything this WeCom knows, in memory, safe for many threads."""

import secrets
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from simulator.calls import Calls
from simulator.cards import Cards
from simulator.clock import Clock
from simulator.conversations import Conversations, Kind, Message
from simulator.corp import Corp
from simulator.faults import Faults
from simulator.limits import Duplicates, MemberRate
from simulator.media import Media
from simulator.people import Members, Person
from simulator.tokens import Tokens


class World:
    """One company, its people, their conversations with the app, and the API's memory.

    `clock` is the people's time, which can be moved. `machine_clock` is that of the network:
    tokens live by it, for the bot's connection to WeCom knows no rehearsal.
    """

    def __init__(
        self, corp: Corp, people: Iterable[Person], clock: Clock, machine_clock: Clock
    ) -> None:
        self.corp = corp
        self.clock = clock
        self.members = Members(people)
        self.conversations = Conversations()
        self.tokens = Tokens(corp, machine_clock)
        self.duplicates = Duplicates(clock)
        self.rate = MemberRate(clock)
        self.cards = Cards(clock, self.conversations)
        self.media = Media(clock)
        self.calls = Calls()
        self.faults = Faults()
        self.menu: dict[str, Any] | None = None
        self.task_ids: set[str] = set()
        self.sent: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        """When each msgid was sent, and to which accounts; for recall."""
        self.trusted_host = ""
        """Host and port of the bot's web pages (可信域名)."""
        self._codes: dict[str, str] = {}
        self._codes_lock = threading.Lock()

    def now(self) -> str:
        """Return the present moment as ISO 8601, to the second."""
        return self.clock.now().isoformat(timespec="seconds")

    def show(self, userid: str, kind: Kind, msgtype: str, body: dict[str, Any]) -> int:
        """Put one message into one conversation; return the entry's number."""
        return self.conversations.add([userid], Message(kind, msgtype, body, self.now()))

    def issue_login_code(self, userid: str) -> str:
        """Return an OAuth code for a person; it works once."""
        code = secrets.token_urlsafe(24)
        with self._codes_lock:
            self._codes[code] = userid
        return code

    def spend_login_code(self, code: str) -> str | None:
        """Return the person of an OAuth code and use the code up."""
        with self._codes_lock:
            return self._codes.pop(code, None)

    def dump(self) -> dict[str, Any]:
        """Return what the next start goes on from."""
        return {
            "moment": self.clock.now().isoformat(),
            "conversations": self.conversations.dump(),
            "cards": self.cards.dump(),
            "task_ids": sorted(self.task_ids),
            "menu": self.menu,
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take back what `dump` returned, except for the moment."""
        self.conversations.load(saved["conversations"])
        self.cards.load(saved["cards"])
        self.task_ids.update(saved["task_ids"])
        self.menu = saved["menu"]
