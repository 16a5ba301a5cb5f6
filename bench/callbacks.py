"""Callbacks as finished HTTP requests, sealed beforehand so that sealing is not measured."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.inbound import Writer, cdata
from simulator.passive import read_reply

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
        encrypted = self._envelope.encrypt(plaintext)
        timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**10))
        signature = self._envelope.sign(timestamp, nonce, encrypted)
        query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})
        body = (
            f"<xml><ToUserName>{cdata(self._corp.corp_id)}</ToUserName>"
            f"<AgentID>{cdata(str(self._corp.agent_id))}</AgentID>"
            f"<Encrypt>{cdata(encrypted)}</Encrypt></xml>"
        ).encode()
        head = (
            f"POST {PATH}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
