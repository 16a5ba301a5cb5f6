"""A small company and a bot that only echoes, for the simulator's own tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element

import requests
from defusedxml.ElementTree import fromstring

from simulator.clock import SHANGHAI, StandingClock
from simulator.crypto import Envelope
from simulator.harness import Simulator
from simulator.inbound import cdata
from simulator.people import STRANGER, Person

START = datetime(2021, 7, 28, 9, 0, tzinfo=SHANGHAI)
MACHINE_TIME = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)
LI = Person("LiFang", "李芳", "临县", "联络员")
WANG = Person("wangqiang", "王强", "兴县", "联络员")
OFFICE = Person("zhangwei", "张伟", "市双拥办", "双拥办")
PEOPLE = (LI, WANG, OFFICE, STRANGER)


@contextmanager
def company() -> Iterator[Simulator]:
    """Run a WeCom where both clocks stand; people see the day the work points were issued."""
    clock, machine_clock = StandingClock(START), StandingClock(MACHINE_TIME)
    with Simulator(PEOPLE, clock=clock, machine_clock=machine_clock) as wecom:
        yield wecom


def let_machine_time_pass(wecom: Simulator, by: timedelta) -> None:
    """Move the network's clock, by which tokens live."""
    wecom.machine_clock.set(wecom.machine_clock.now() + by)


@dataclass
class Api:
    """Calls the API over HTTP, as the bot would."""

    wecom: Simulator
    token: str = ""

    def log_in(self) -> "Api":
        """Get a token."""
        corp = self.wecom.corp
        answer = self.get("gettoken", corpid=corp.corp_id, corpsecret=corp.secret)
        self.token = answer["access_token"]
        return self

    def get(self, endpoint: str, **query: str) -> dict[str, Any]:
        """GET an endpoint."""
        return self._answer(requests.get(self._url(endpoint), params=self._query(query), timeout=5))

    def post(self, endpoint: str, data: object) -> dict[str, Any]:
        """POST JSON to an endpoint."""
        url = self._url(endpoint)
        return self._answer(requests.post(url, params=self._query({}), json=data, timeout=5))

    def send(self, **fields: Any) -> dict[str, Any]:
        """Send a message; a text to 李芳 unless said otherwise."""
        message: dict[str, Any] = {
            "touser": "LiFang",
            "msgtype": "text",
            "agentid": self.wecom.corp.agent_id,
            "text": {"content": "请于今天填报第11条"},
        }
        return self.post("message/send", message | fields)

    def _url(self, endpoint: str) -> str:
        return f"{self.wecom.base_url}/cgi-bin/{endpoint}"

    def _query(self, query: dict[str, str]) -> dict[str, str]:
        return {"access_token": self.token, **query}

    def _answer(self, response: requests.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


@dataclass
class EchoBot:
    """A callback in this process: opens each envelope and answers what `answers` says.

    Without an answer of its own a text is echoed. A number is an HTTP status without a body.
    """

    wecom: Simulator
    heard: list[bytes] = field(default_factory=list)
    sealed: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[str | int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        corp = self.wecom.corp
        self.envelope = Envelope(corp.token, corp.encoding_aes_key, corp.corp_id)
        self.wecom.connect(self)

    def __call__(self, query: str, body: bytes) -> tuple[int, bytes]:
        # One after the other: an answer is made for the newest message.
        with self.lock:
            return self._hear(query, body)

    def _hear(self, query: str, body: bytes) -> tuple[int, bytes]:
        self.sealed.append((query, body))
        values = {name: value[0] for name, value in parse_qs(query).items()}
        outer = fromstring(body)
        self.heard.append(
            self.envelope.open(
                values["msg_signature"], values["timestamp"], values["nonce"], inner(outer)
            )
        )
        answer = self.answers.pop(0) if self.answers else self._echo()
        if isinstance(answer, int):
            return answer, b""
        return 200, self.seal(answer)

    @property
    def last(self) -> Element:
        """The newest message as XML."""
        xml: Element = fromstring(self.heard[-1])
        return xml

    def seal(self, inner_xml: str) -> bytes:
        """Return a passive reply with this content to whoever wrote last."""
        user = self.last.findtext("FromUserName") or ""
        plaintext = f"<xml><ToUserName>{cdata(user)}</ToUserName>{inner_xml}</xml>"
        encrypted = self.envelope.encrypt(plaintext.encode())
        signature = self.envelope.sign("1627434000", "42", encrypted)
        return (
            f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><MsgSignature>{signature}</MsgSignature>"
            "<TimeStamp>1627434000</TimeStamp><Nonce>42</Nonce></xml>"
        ).encode()

    def _echo(self) -> str | int:
        content = self.last.findtext("Content")
        return 200 if content is None else text_reply(f"您说：{content}")


def text_reply(content: str) -> str:
    """Return the inside of a text reply."""
    return f"<MsgType>text</MsgType><Content>{cdata(content)}</Content>"


def inner(outer: Element) -> str:
    """Return the ciphertext of an envelope."""
    return outer.findtext("Encrypt") or ""


BUTTON_CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "report-11",
    "main_title": {"title": "八一走访提醒", "desc": "请于7月31日前反馈"},
    "horizontal_content_list": [{"keyname": "单位", "value": "临县"}],
    "button_selection": {
        "question_key": "progress",
        "title": "进度",
        "option_list": [{"id": "0", "text": "未开始"}, {"id": "1", "text": "已完成"}],
        "selected_id": "0",
    },
    "button_list": [
        {"text": "提交", "style": 1, "key": "submit"},
        {"text": "需协助", "style": 3, "key": "help"},
    ],
}
