"""How WeCom calls the bot: encrypted, at most 5 seconds, three identical deliveries."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from requests.adapters import HTTPAdapter

from simulator.clock import Clock
from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.passive import Reply, ReplyError, read_reply
from simulator.sealing import sealed

PATIENCE = 5.0
"""Seconds until WeCom drops the connection and calls again [O 90238]."""
TRIES = 3
"""Deliveries in all, seen in the field (easy-wx/wecom-app-svr#1)."""

Transport = Callable[[str, bytes], tuple[int, bytes]]
"""Takes the query string and the body, returns HTTP status and body; OSError when there is none."""


def over_http(url: str, patience: float = PATIENCE) -> Transport:
    """Return the transport that posts to a callback URL, each time on a new connection.

    WeCom calls from many machines; and an idle connection would hold up the bot's orderly end.
    """
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=64))

    def post(query: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "text/xml", "Connection": "close"}
        response = session.post(f"{url}?{query}", data=body, headers=headers, timeout=patience)
        return response.status_code, response.content

    return post


@dataclass(frozen=True)
class Attempt:
    """One delivery: the HTTP status (None when there was no answer) and how long it took."""

    status: int | None
    seconds: float
    body: bytes = b""


@dataclass
class Delivery:
    """What became of one message: the attempts, the reply, and what was wrong with it."""

    userid: str
    plaintext: bytes
    attempts: list[Attempt] = field(default_factory=list)
    reply: Reply | None = None
    problem: str = ""

    @property
    def received(self) -> bool:
        """Whether the bot answered 200."""
        return bool(self.attempts) and self.attempts[-1].status == 200

    @property
    def text(self) -> str | None:
        """The passive reply's text."""
        return self.reply.text if self.reply else None


class Callback:
    """Delivers for one app through one transport; `pause` seconds lie between deliveries."""

    def __init__(self, corp: Corp, clock: Clock, transport: Transport, pause: float = 0) -> None:
        self._corp = corp
        self._clock = clock
        self._transport = transport
        self._pause = pause
        self._envelope = Envelope(corp.token, corp.encoding_aes_key, corp.corp_id)

    def deliver(self, userid: str, plaintext: bytes) -> Delivery:
        """Deliver until there is a 200, at most three times, and read the reply."""
        delivery = Delivery(userid, plaintext)
        self._again(delivery)
        while not delivery.received and len(delivery.attempts) < TRIES:
            time.sleep(self._pause)
            self._again(delivery)
        if not delivery.received:
            delivery.problem = f"机器人没有应答（共投递 {len(delivery.attempts)} 次）"
        return delivery

    def redeliver(self, delivery: Delivery, times: int) -> list[Delivery]:
        """Deliver the same plaintext again and return each outcome, as after a lost answer."""
        outcomes = []
        for _ in range(times):
            outcome = Delivery(delivery.userid, delivery.plaintext)
            self._again(outcome)
            outcomes.append(outcome)
        return outcomes

    def _again(self, delivery: Delivery) -> None:
        query, body = sealed(self._corp, self._envelope, delivery.plaintext, self._clock.now())
        started = time.monotonic()
        try:
            status, answer = self._transport(query, body)
        except OSError:
            delivery.attempts.append(Attempt(None, time.monotonic() - started))
            return
        delivery.attempts.append(Attempt(status, time.monotonic() - started, answer))
        if status == 200:
            self._read(delivery, answer)

    def _read(self, delivery: Delivery, answer: bytes) -> None:
        try:
            delivery.reply = read_reply(self._envelope, answer, delivery.userid)
        except ReplyError as error:
            delivery.problem = f"{error}，企业微信不会显示它"
