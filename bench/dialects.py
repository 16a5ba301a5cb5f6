"""What a callback looks like to each server: finished HTTP requests, sealed beforehand.

Sealing is not measured. All dialects carry the same text in a body of the same size.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import parse_qs, urlencode

from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.inbound import Writer
from simulator.passive import read_reply
from simulator.sealing import sealed

PATH = "/wecom/callback"
Text = tuple[str, str]
"""An account and what it writes."""


class Dialect(Protocol):
    """Turns texts into requests, and bodies of responses into texts."""

    def requests(self, texts: Iterable[Text]) -> list[bytes]:
        """Return one request for each text, each with a MsgId of its own."""
        ...

    def text(self, userid: str, answer: bytes) -> str:
        """Return the text that the body of a response says to that account."""
        ...


class WeCom:
    """WeCom for one app: seals texts and opens the passive replies."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._writer = Writer(corp)
        self._envelope = Envelope(corp.token, corp.encoding_aes_key, corp.corp_id)

    def requests(self, texts: Iterable[Text]) -> list[bytes]:
        """Return one request for each text, each with a MsgId of its own."""
        return [_request(PATH, *self._sealed(userid, text)) for userid, text in texts]

    def text(self, userid: str, answer: bytes) -> str:
        """Return the text of a passive reply to that account; raises ReplyError."""
        reply = read_reply(self._envelope, answer, userid)
        return (reply.text or "") if reply else ""

    def _sealed(self, userid: str, text: str) -> tuple[str, bytes]:
        now = datetime.now(UTC)
        plaintext = self._writer.message(userid, now, "text", {"Content": text})
        return sealed(self._corp, self._envelope, plaintext, now)


class PublicAccount(WeCom):
    """WeChat for one public account: a second signature, over the query alone."""

    def _sealed(self, userid: str, text: str) -> tuple[str, bytes]:
        query, body = super()._sealed(userid, text)
        given = {name: values[0] for name, values in parse_qs(query).items()}
        plain = self._envelope.sign(given["timestamp"], given["nonce"], "")
        extra = {"signature": plain, "openid": userid, "encrypt_type": "aes"}
        return urlencode({**extra, **given}), body


class Acknowledged(WeCom):
    """WeCom and a bot that takes the message and pushes the answer later."""

    def text(self, _userid: str, answer: bytes) -> str:
        """Return the acknowledgement."""
        return answer.decode()


class Webhook(WeCom):
    """JSON, neither signed nor sealed; filled up to the size that it would have sealed."""

    path = "/posted"

    def requests(self, texts: Iterable[Text]) -> list[bytes]:
        """Return one request for each text."""
        return [self._posted(userid, text) for userid, text in texts]

    def text(self, _userid: str, answer: bytes) -> str:
        """Return the body."""
        return answer.decode()

    def _posted(self, userid: str, text: str) -> bytes:
        size = len(self._sealed(userid, text)[1])
        body = {"user": userid, "text": text, "rest": ""}
        body["rest"] = "x" * (size - len(json.dumps(body)))
        return _request(self.path, "", json.dumps(body).encode(), "application/json")


def _request(path: str, query: str, body: bytes, kind: str = "text/xml") -> bytes:
    head = (
        f"POST {path}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
