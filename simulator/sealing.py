"""A callback as it leaves WeCom: the signed query and the sealed body."""

import secrets
import string
from datetime import datetime
from urllib.parse import urlencode

from simulator.corp import Corp
from simulator.crypto import Envelope
from simulator.inbound import cdata


def sealed(corp: Corp, envelope: Envelope, plaintext: bytes, at: datetime) -> tuple[str, bytes]:
    """Return query and body that carry `plaintext`; `at` is the network's time."""
    encrypted = envelope.encrypt(plaintext)
    timestamp = str(int(at.timestamp()))
    nonce = "".join(secrets.choice(string.digits) for _ in range(10))
    signature = envelope.sign(timestamp, nonce, encrypted)
    query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})
    body = (
        f"<xml><ToUserName>{cdata(corp.corp_id)}</ToUserName>"
        f"<AgentID>{cdata(str(corp.agent_id))}</AgentID>"
        f"<Encrypt>{cdata(encrypted)}</Encrypt></xml>"
    )
    return query, body.encode()
