"""The callback codec: everybody's published samples open, and nothing else does."""

import base64
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.wecom.crypto import BLOCK, MAX_BODY, Codec, Key
from bot.wecom.messages import TextMessage, parse
from bot.wecom.rejection import CallbackRejected
from tests.support.shared import SHARED

CORP = "ww6a112864f8022910"
KEY = Key("kz7Yx62CH8SaLN", "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP")
OTHER_KEY = Key("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
CODEC = Codec([KEY], CORP)
STAMP, NONCE = "1583995625", "1584392382"
NOW = datetime.fromtimestamp(int(STAMP), tz=UTC)

_FILE = SHARED / "wecom" / "vectors.json"
_VECTORS: list[dict[str, str]] = json.loads(_FILE.read_text())["vectors"] if _FILE.exists() else []
needs_vectors = pytest.mark.skipif(not _VECTORS, reason="shared/wecom/vectors.json is absent")


def vectors(*kinds: str, bad: bool = False) -> pytest.MarkDecorator:
    chosen = [v for v in _VECTORS if v["kind"] in kinds and bad == ("expect_error" in v)]
    return pytest.mark.parametrize("vector", chosen, ids=[v["name"] for v in chosen])


def codec_of(vector: dict[str, str]) -> Codec:
    key = Key(vector.get("token", "unused"), vector["encoding_aes_key"])
    salt = vector.get("random16", "0" * 16).encode()
    return Codec([key], vector["receiveid"], salt=lambda _count: salt)


def envelope(encrypted: str) -> bytes:
    return f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def opened(body: bytes, signature: str, codec: Codec = CODEC, now: datetime | None = NOW) -> bytes:
    return codec.open(body, signature, STAMP, NONCE, now).plaintext


def signed(encrypted: str, key: Key = KEY) -> tuple[bytes, str]:
    return envelope(encrypted), key.sign(STAMP, NONCE, encrypted).decode()


def encrypted_frame(frame: bytes, key: Key = KEY) -> str:
    """Encrypt bytes that need not be a well-formed frame, as an attacker with the key could."""
    return base64.b64encode(key.cipher.encrypt(frame)).decode()  # type: ignore[no-untyped-call]


def padded(frame: bytes) -> bytes:
    count = BLOCK - len(frame) % BLOCK
    return frame + bytes([count]) * count


@needs_vectors
class TestPublishedSamples:
    @vectors("url_verify")
    def test_url_check_answers_exactly_the_plaintext(self, vector: dict[str, str]) -> None:
        answer = codec_of(vector).verify_url(
            vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["echostr"], None
        )
        assert answer == vector["expected_plaintext"].encode()

    @vectors("url_verify", bad=True)
    def test_url_check_with_a_wrong_signature_is_rejected(self, vector: dict[str, str]) -> None:
        with pytest.raises(CallbackRejected) as rejected:
            codec_of(vector).verify_url(
                vector["msg_signature"],
                vector["timestamp"],
                vector["nonce"],
                vector["echostr"],
                None,
            )
        assert rejected.value.reason == "signature"

    @vectors("post_xml")
    def test_posted_xml_opens(self, vector: dict[str, str]) -> None:
        opened = codec_of(vector).open(
            vector["body"].encode(),
            vector["msg_signature"],
            vector["timestamp"],
            vector["nonce"],
            None,
        )
        assert opened.plaintext.decode() == vector["expected_plaintext"]
        assert isinstance(parse(opened.plaintext), TextMessage)

    @vectors("post_json")
    def test_json_sample_decrypts_but_is_no_message(self, vector: dict[str, str]) -> None:
        signature = vector["msg_signature"], vector["timestamp"], vector["nonce"]
        codec = codec_of(vector)
        with pytest.raises(CallbackRejected):
            codec.open(vector["body"].encode(), *signature, None)
        plaintext = codec.open(envelope(vector["encrypt"]), *signature, None).plaintext
        assert plaintext.decode() == vector["expected_plaintext"]
        with pytest.raises(CallbackRejected):
            parse(plaintext)

    @vectors("signature_only")
    def test_signature(self, vector: dict[str, str]) -> None:
        key = Key(vector["token"], vector["encoding_aes_key"])
        signature = key.sign(vector["timestamp"], vector["nonce"], vector["encrypt"])
        assert signature.decode() == vector["msg_signature"]

    @vectors("encrypt_raw")
    def test_encryption_is_byte_exact(self, vector: dict[str, str]) -> None:
        key = Key("unused", vector["encoding_aes_key"])
        encrypted = codec_of(vector).encrypt(vector["plaintext"].encode(), key)
        assert encrypted == vector["expected_encrypt"]

    @vectors("encrypt_reply")
    def test_envelope_is_byte_exact(self, vector: dict[str, str]) -> None:
        key = Key(vector["token"], vector["encoding_aes_key"])
        sealed = codec_of(vector).seal(
            vector["plaintext"].encode(), vector["timestamp"], vector["nonce"], key
        )
        assert sealed == vector["expected_envelope"]

    @vectors("bad_key", bad=True)
    def test_wrong_aes_key_stops_the_start(self, vector: dict[str, str]) -> None:
        with pytest.raises(ConfigError, match=r"wecom\.encoding_aes_key"):
            Key("token", vector["encoding_aes_key"])


@given(text=st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    plaintext = text.encode(errors="replace")
    sealed = CODEC.seal(plaintext, STAMP, NONCE, KEY)
    signature = sealed.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    assert opened(sealed.encode(), signature) == plaintext


def test_sealing_twice_never_gives_the_same_bytes_even_if_random_is_seeded() -> None:
    sealed = set()
    for _ in range(3):
        random.seed(0)
        sealed.add(CODEC.encrypt(b"<xml/>", KEY))
    assert len(sealed) == 3


GOOD = CODEC.encrypt(b"<xml/>", KEY)
FRAME = b"r" * 16 + (6).to_bytes(4, "big") + b"<xml/>" + CORP.encode()
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xml><Encrypt>&b;</Encrypt></xml>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<xml><Encrypt>&a;</Encrypt></xml>"""
TWO = f"<xml><Encrypt>{GOOD}</Encrypt><Encrypt>{GOOD}</Encrypt></xml>".encode()


def surrounded(ballast: bytes) -> tuple[bytes, str]:
    """Return a request that is good but for what stands beside its Encrypt element."""
    body, signature = signed(GOOD)
    return body.replace(b"</xml>", ballast + b"</xml>"), signature


TAMPERED: dict[str, tuple[str, Callable[[], tuple[bytes, str]]]] = {
    "two megabytes": ("size", lambda: (b"<xml>" + b" " * 2 * MAX_BODY + b"</xml>", "")),
    "entity bomb": ("envelope", lambda: (BOMB, "")),
    "external entity": ("envelope", lambda: (OUTSIDE, "")),
    "document type only": ("envelope", lambda: (b"<!DOCTYPE xml>" + signed(GOOD)[0], "")),
    "document type in UTF-16": ("envelope", lambda: (BOMB.decode().encode("utf-16"), "")),
    "two Encrypt elements": ("envelope", lambda: (TWO, signed(GOOD)[1])),
    "no Encrypt element": ("envelope", lambda: (b"<xml><ToUserName/></xml>", "")),
    "another root": ("envelope", lambda: (b"<html><Encrypt>x</Encrypt></html>", "")),
    "nested very deep": ("envelope", lambda: surrounded(b"<a>" * 40_000 + b"</a>" * 40_000)),
    "very many elements": ("envelope", lambda: surrounded(b"<a/>" * 200_000)),
    "empty body": ("envelope", lambda: (b"", "")),
    "not XML": ("envelope", lambda: (b"\xff\x00{}", "")),
    "wrong signature": ("signature", lambda: (envelope(GOOD), "0" * 40)),
    "signature in capitals": ("signature", lambda: (envelope(GOOD), signed(GOOD)[1].upper())),
    "signature not ASCII": ("signature", lambda: (envelope(GOOD), "签" * 40)),
    "signature a lone surrogate": ("signature", lambda: (envelope(GOOD), "\ud800")),
    "signed with another token": ("signature", lambda: signed(GOOD, OTHER_KEY)),
    "changed after signing": ("signature", lambda: (envelope(GOOD[:-4] + "AAA="), signed(GOOD)[1])),
    "not base64": ("encoding", lambda: signed("!" + GOOD)),
    "not ASCII": ("encoding", lambda: signed("密文")),
    "nothing encrypted": ("encoding", lambda: signed("")),
    "half a block": ("encoding", lambda: signed(base64.b64encode(b"x" * 16).decode())),
    "padding zero": ("padding", lambda: signed(encrypted_frame(FRAME[:31] + b"\0"))),
    "padding 33": ("padding", lambda: signed(encrypted_frame(b"!" * 64))),
    "padding uneven": ("padding", lambda: signed(encrypted_frame(padded(FRAME)[:-2] + b"\1\3"))),
    "padding only": ("length", lambda: signed(encrypted_frame(b"\x20" * 32))),
    "length beyond the end": (
        "length",
        lambda: signed(encrypted_frame(padded(FRAME[:16] + b"\xff" * 4 + FRAME[20:]))),
    ),
    "length field cut off": ("length", lambda: signed(encrypted_frame(padded(FRAME[:18])))),
    "another corp": ("receiver", lambda: signed(Codec([KEY], "wwother").encrypt(b"<xml/>", KEY))),
    "no corp": ("receiver", lambda: signed(Codec([KEY], "").encrypt(b"<xml/>", KEY))),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_request_is_rejected(name: str) -> None:
    reason, make = TAMPERED[name]
    body, signature = make()
    with pytest.raises(CallbackRejected) as rejected:
        opened(body, signature)
    assert rejected.value.reason == reason
    assert str(rejected.value) == "请求未通过校验。"


@given(body=st.binary(max_size=200), words=st.lists(st.text(max_size=50), min_size=4, max_size=4))
def test_random_requests_are_rejected_and_nothing_else_happens(
    body: bytes, words: list[str]
) -> None:
    signature, stamp, nonce, echo = words
    with pytest.raises(CallbackRejected):
        CODEC.open(body, signature, stamp, nonce, NOW)
    with pytest.raises(CallbackRejected):
        CODEC.verify_url(signature, stamp, nonce, echo, NOW)


@given(frame=st.binary(min_size=32, max_size=96).filter(lambda frame: len(frame) % 32 == 0))
def test_random_frames_under_a_good_signature_are_rejected(frame: bytes) -> None:
    with pytest.raises(CallbackRejected):
        opened(*signed(encrypted_frame(frame)))


class TestChangingTheKey:
    NEW = Key("newtoken", OTHER_KEY.encoding_aes_key)
    SAME_TOKEN = Key(KEY.token, OTHER_KEY.encoding_aes_key)

    @pytest.mark.parametrize("newest", [NEW, SAME_TOKEN])
    def test_the_old_key_still_opens_and_seals_its_answer(self, newest: Key) -> None:
        codec = Codec([newest, KEY], CORP)
        request = codec.open(*signed(GOOD), STAMP, NONCE, NOW)
        assert request.plaintext == b"<xml/>"
        assert request.key == KEY
        sealed = codec.seal(b"<xml>answer</xml>", STAMP, NONCE, request.key)
        signature = sealed.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
        assert opened(sealed.encode(), signature) == b"<xml>answer</xml>"

    def test_the_new_key_opens(self) -> None:
        codec = Codec([self.NEW, KEY], CORP)
        encrypted = codec.encrypt(b"<xml/>", self.NEW)
        body, signature = signed(encrypted, self.NEW)
        assert codec.open(body, signature, STAMP, NONCE, NOW).key == self.NEW

    def test_a_key_that_was_removed_does_not(self) -> None:
        with pytest.raises(CallbackRejected):
            opened(*signed(GOOD), codec=Codec([self.NEW], CORP))


class TestTime:
    @pytest.mark.parametrize("minutes", [-59, 0, 59])
    def test_within_the_hour_is_accepted(self, minutes: int) -> None:
        assert opened(*signed(GOOD), now=NOW + timedelta(minutes=minutes))

    @pytest.mark.parametrize("minutes", [-61, 61, 600_000])
    def test_an_old_recording_is_rejected(self, minutes: int) -> None:
        with pytest.raises(CallbackRejected) as rejected:
            opened(*signed(GOOD), now=NOW + timedelta(minutes=minutes))
        assert rejected.value.reason == "time"

    @pytest.mark.parametrize(
        "stamp", ["", "soon", "-1583995625", "1" * 5000, "１５８３９９５６２５"]
    )
    def test_an_unreadable_time_is_rejected(self, stamp: str) -> None:
        signature = KEY.sign(stamp, NONCE, GOOD).decode()
        with pytest.raises(CallbackRejected) as rejected:
            CODEC.open(envelope(GOOD), signature, stamp, NONCE, NOW)
        assert rejected.value.reason == "time"

    def test_the_check_can_be_left_out(self) -> None:
        late = NOW + timedelta(days=900)
        assert opened(*signed(GOOD), codec=Codec([KEY], CORP, window=None), now=late)
        assert opened(*signed(GOOD), now=None)


class TestConfiguration:
    @pytest.mark.parametrize("token", ["", "a" * 33, "with space", "令牌", "x\n"])
    def test_a_wrong_token_is_named_but_not_shown(self, token: str) -> None:
        with pytest.raises(ConfigError, match=r"wecom\.token") as error:
            Key(token, KEY.encoding_aes_key)
        assert not token or token not in str(error.value)

    def test_the_previous_pair_has_its_own_names(self) -> None:
        with pytest.raises(ConfigError, match=r"wecom\.previous_encoding_aes_key") as error:
            Key("token", "tooshort", "previous_")
        assert "tooshort" not in str(error.value)

    def test_without_keys_nothing_can_be_received(self) -> None:
        with pytest.raises(ConfigError, match=r"wecom\.token"):
            Codec([], CORP)

    def test_a_key_does_not_show_itself(self) -> None:
        assert KEY.token not in repr(KEY)
        assert KEY.encoding_aes_key not in repr(KEY)
