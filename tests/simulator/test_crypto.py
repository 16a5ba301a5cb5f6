"""The envelope, against vectors of several SDKs and by its own rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.crypto import Envelope, EnvelopeError, decode_key, sign

FILE = Path(__file__).parents[3] / "shared" / "wecom" / "vectors.json"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def vectors(*kinds: str) -> list[Any]:
    if not FILE.exists():
        reason = "../shared/wecom/vectors.json is absent"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    found = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(one, id=one["name"]) for one in found if one["kind"] in kinds]


def envelope(vector: dict[str, Any]) -> Envelope:
    random16 = vector.get("random16", "0" * 16).encode()
    return Envelope(
        vector.get("token", "token"),
        vector["encoding_aes_key"],
        vector["receiveid"],
        random_bytes=lambda count: random16[:count],
    )


@pytest.mark.parametrize("vector", vectors("url_verify", "post_xml", "post_json"))
def test_what_wecom_sealed_is_opened(vector: dict[str, Any]) -> None:
    encrypted = vector.get("encrypt") or vector["echostr"]
    parts = (vector["msg_signature"], vector["timestamp"], vector["nonce"], encrypted)
    if "expect_error" in vector:
        with pytest.raises(EnvelopeError):
            envelope(vector).open(*parts)
    else:
        assert envelope(vector).open(*parts).decode() == vector["expected_plaintext"]


@pytest.mark.parametrize("vector", vectors("encrypt_reply", "encrypt_raw"))
def test_with_the_same_random_bytes_we_seal_the_same(vector: dict[str, Any]) -> None:
    encrypted = envelope(vector).encrypt(vector["plaintext"].encode())
    assert encrypted == vector["expected_encrypt"]
    if "expected_signature" in vector:
        parts = (vector["timestamp"], vector["nonce"], encrypted)
        assert envelope(vector).sign(*parts) == vector["expected_signature"]


@pytest.mark.parametrize("vector", vectors("signature_only"))
def test_signature(vector: dict[str, Any]) -> None:
    parts = (vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert sign(vector["token"], *parts) == vector["msg_signature"]


@pytest.mark.parametrize("vector", vectors("bad_key"))
def test_a_bad_key_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError):
        decode_key(vector["encoding_aes_key"])


@given(st.binary(max_size=300))
def test_what_is_sealed_can_be_opened_and_never_looks_the_same(plaintext: bytes) -> None:
    one = Envelope("token", KEY, "ww1")
    first, second = one.encrypt(plaintext), one.encrypt(plaintext)
    assert first != second
    assert one.decrypt(first) == one.decrypt(second) == plaintext


@pytest.mark.parametrize("encrypted", ["", "???", "AAAA", "A" * 44, "A" * 128])
def test_rubbish_is_refused(encrypted: str) -> None:
    with pytest.raises(EnvelopeError):
        Envelope("token", KEY, "ww1").decrypt(encrypted)


def test_another_corp_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        Envelope("token", KEY, "ww2").decrypt(Envelope("token", KEY, "ww1").encrypt(b"hello"))
