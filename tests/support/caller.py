"""Callbacks made by hand: sealed as WeCom seals them, or changed as somebody else would."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import requests

from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.inbound import Fields, Writer
from simulator.passive import Reply, read_reply

NONCE = "1372623149"
PATIENCE = 20.0
"""Seconds; what takes longer hangs."""


@dataclass(frozen=True)
class Request:
    """One callback: query and body (None is a GET)."""

    query: Mapping[str, str]
    body: bytes | Iterable[bytes] | None = None
    method: str = "POST"

    def without(self, name: str) -> "Request":
        """Return the request without one parameter."""
        return replace(self, query={key: self.query[key] for key in self.query if key != name})

    def with_query(self, **changes: str) -> "Request":
        """Return the request with other parameters."""
        return replace(self, query={**self.query, **changes})

    def with_body(self, body: bytes | Iterable[bytes]) -> "Request":
        """Return the request with another body."""
        return replace(self, body=body)


@dataclass(frozen=True)
class Caller:
    """Somebody who knows the app's secrets and calls its callback URL."""

    url: str
    corp: Corp

    @property
    def writer(self) -> Writer:
        """Writes plaintexts as WeCom does."""
        return Writer(self.corp)

    def envelope(self, corp_id: str = "") -> Envelope:
        """Return the sealing of this app, or of another corp."""
        return Envelope(self.corp.token, self.corp.encoding_aes_key, corp_id or self.corp.corp_id)

    def sealed(self, plaintext: bytes, at: datetime, corp_id: str = "") -> Request:
        """Return the POST that carries `plaintext`."""
        return self.carrying(self.envelope(corp_id).encrypt(plaintext), at)

    def carrying(self, encrypted: str, at: datetime) -> Request:
        """Return the POST of something encrypted, correctly signed."""
        body = f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return Request(self._signed(encrypted, at), body.encode())

    def verification(self, plaintext: bytes, at: datetime, corp_id: str = "") -> Request:
        """Return the GET by which the console checks the URL."""
        return self.asking(self.envelope(corp_id).encrypt(plaintext), at)

    def asking(self, echo: str, at: datetime) -> Request:
        """Return the GET with an `echostr`, correctly signed."""
        return Request({**self._signed(echo, at), "echostr": echo}, method="GET")

    def call(self, request: Request) -> requests.Response:
        """Send it and return whatever comes back."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                request.method,
                self.url,
                params=dict(request.query),
                data=request.body,
                headers={"Content-Type": "text/xml", "Connection": "close"},
                timeout=PATIENCE,
            )

    def delivers(self, userid: str, plaintext: bytes, at: datetime) -> Reply | None:
        """Deliver a message and return the passive reply; anything but 200 fails."""
        response = self.call(self.sealed(plaintext, at))
        assert response.status_code == 200, response.status_code
        return read_reply(self.envelope(), response.content, userid)

    def text(self, userid: str, content: str, at: datetime) -> bytes:
        """Return the plaintext of a text message."""
        return self.writer.message(userid, at, "text", {"Content": content})

    def event(
        self, userid: str, at: datetime, event: str, fields: Fields, inner: str = ""
    ) -> bytes:
        """Return the plaintext of an event."""
        return self.writer.event(userid, at, event, fields, inner)

    def _signed(self, encrypted: str, at: datetime) -> dict[str, str]:
        stamp = str(int(at.timestamp()))
        signature = self.envelope().sign(stamp, NONCE, encrypted)
        return {"msg_signature": signature, "timestamp": stamp, "nonce": NONCE}
