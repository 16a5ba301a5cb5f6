"""Callbacks as finished HTTP requests, sealed beforehand so that sealing is not measured."""

from collections.abc import Iterable
from datetime import UTC, datetime

from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.inbound import Writer
from simulator.passive import read_reply
from simulator.sealing import sealed

PATH = "/wecom/callback"


class Sender:
    """WeCom for one app: seals texts and opens the answers."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._writer = Writer(corp)
        self._envelope = Envelope(corp.token, corp.encoding_aes_key, corp.corp_id)

    def requests(self, texts: Iterable[tuple[str, str]]) -> list[bytes]:
        """Return one request for each pair of account and text, each with a MsgId of its own."""
        return [self._request(userid, text) for userid, text in texts]

    def text(self, userid: str, answer: bytes) -> str:
        """Return the text of a passive reply to that account; raises ReplyError."""
        reply = read_reply(self._envelope, answer, userid)
        return (reply.text or "") if reply else ""

    def _request(self, userid: str, text: str) -> bytes:
        now = datetime.now(UTC)
        plaintext = self._writer.message(userid, now, "text", {"Content": text})
        query, body = sealed(self._corp, self._envelope, plaintext, now)
        head = (
            f"POST {PATH}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
