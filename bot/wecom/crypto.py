"""WeCom's callback encryption: open what it sends, seal what we answer.

The rules are those of the official pages 90968, 91144 and 90238. The cipher (AES-256-CBC with
the key's first half as IV) and the padding for writing come from wechatpy; what it does around
them is done here, because it
- compares signatures with `!=` (here: constant time, and before anything is decrypted),
- takes any padding and any length field (here: both are checked in full),
- lets ExpatError, KeyError, ValueError and TypeError out for a malformed request
  (here: CallbackRejected, whatever is wrong),
- parses the unauthenticated envelope without limits (here: size, DTD, exactly one Encrypt),
- draws the 16 random bytes from `random` (here: from `secrets`),
- knows one key only (here: newest first, so that a key can be changed without an outage).
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from wechatpy.crypto.cryptography import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from bot.errors import ConfigError
from bot.wecom.markup import MarkupError, read
from bot.wecom.rejection import CallbackRejected

MAX_BODY = 1024 * 1024  # bytes; a callback has at most a few thousand
BLOCK = 32  # bytes; WeCom pads to this, not to the 16 of AES
_RANDOM = 16
_HEAD = _RANDOM + 4  # random bytes, then the length of the message


@dataclass(frozen=True)
class Key:
    """One pair of the app's 接收消息 page: token and EncodingAESKey.

    `prefix` tells the error which configuration keys hold the pair ("" or "previous_").
    A wrong pair raises ConfigError, which names the key and never shows its value.
    """

    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    prefix: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]{1,32}", self.token):
            raise ConfigError(
                f"配置项 wecom.{self.prefix}token 不正确：应为 1 至 32 位字母或数字，"
                "请从企业微信管理后台该应用的“接收消息”页原样复制。"
            )
        if not re.fullmatch(r"[A-Za-z0-9]{43}", self.encoding_aes_key):
            raise ConfigError(
                f"配置项 wecom.{self.prefix}encoding_aes_key 不正确：应为 43 位字母或数字，"
                "请从企业微信管理后台该应用的“接收消息”页原样复制。"
            )

    @cached_property
    def cipher(self) -> WeChatCipher:
        """The cipher of this key; each use of it is independent, so threads may share it."""
        # 43 characters carry two spare bits that real keys have set: never compare a re-encoding
        return WeChatCipher(base64.b64decode(self.encoding_aes_key + "="))  # type: ignore[no-untyped-call]

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """Return the signature as 40 lower-case hexadecimal digits."""
        parts = "".join(sorted((self.token, timestamp, nonce, encrypted)))
        digest = hashlib.sha1(parts.encode(errors="surrogatepass"), usedforsecurity=False)
        return digest.hexdigest().encode()


@dataclass(frozen=True)
class Opened:
    """A request that passed every check, and the key that opened it."""

    plaintext: bytes
    key: Key


class Codec:
    """Opens and seals for one app; `keys` newest first, `window` None accepts any timestamp."""

    def __init__(
        self,
        keys: Sequence[Key],
        corp_id: str,
        window: timedelta | None = timedelta(hours=1),
        salt: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if not keys:
            raise ConfigError("没有配置 wecom.token 和 wecom.encoding_aes_key，无法接收消息。")
        self._keys = tuple(keys)
        self._corp_id = corp_id.encode()
        self._window = window
        self._salt = salt

    def verify_url(
        self, msg_signature: str, timestamp: str, nonce: str, echostr: str, now: datetime | None
    ) -> bytes:
        """Return the bytes to answer to the console's URL check, exactly as they are.

        Raises CallbackRejected. `now` is the machine's time, None skips the time check.
        """
        return self._opened(echostr, msg_signature, timestamp, nonce, now).plaintext

    def open(
        self, body: bytes, msg_signature: str, timestamp: str, nonce: str, now: datetime | None
    ) -> Opened:
        """Return the decrypted XML of a posted callback; raises CallbackRejected.

        `now` is the machine's time (not a rehearsal's), None skips the time check.
        """
        if len(body) > MAX_BODY:
            raise CallbackRejected("size")
        return self._opened(_encrypted_part(body), msg_signature, timestamp, nonce, now)

    def seal(self, plaintext: bytes, timestamp: str, nonce: str, key: Key) -> str:
        """Return the envelope that carries `plaintext`, under the key that opened the request."""
        encrypted = self.encrypt(plaintext, key)
        signature = key.sign(timestamp, nonce, encrypted).decode()
        return (
            "<xml>\n"
            f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>\n"
            f"<TimeStamp>{timestamp}</TimeStamp>\n"
            f"<Nonce><![CDATA[{nonce}]]></Nonce>\n"
            "</xml>"
        )

    def encrypt(self, plaintext: bytes, key: Key) -> str:
        """Return random bytes, length, `plaintext` and corp id, padded, encrypted, in base64."""
        length = len(plaintext).to_bytes(4, "big")
        framed = self._salt(_RANDOM) + length + plaintext + self._corp_id
        padded = PKCS7Encoder.encode(framed)  # type: ignore[no-untyped-call]
        return base64.b64encode(key.cipher.encrypt(padded)).decode()  # type: ignore[no-untyped-call]

    def _opened(
        self, encrypted: str, signature: str, timestamp: str, nonce: str, now: datetime | None
    ) -> Opened:
        signers = [
            key
            for key in self._keys
            if hmac.compare_digest(
                key.sign(timestamp, nonce, encrypted), signature.encode(errors="surrogatepass")
            )
        ]
        if not signers:
            raise CallbackRejected("signature")
        self._check_time(timestamp, now)
        return self._first_that_opens(signers, encrypted)

    def _first_that_opens(self, signers: Sequence[Key], encrypted: str) -> Opened:
        """Two pairs may share the token and differ in the AES key only."""
        *others, last = signers
        for key in others:
            try:
                return Opened(self._decrypt(encrypted, key), key)
            except CallbackRejected:
                continue
        return Opened(self._decrypt(encrypted, last), last)

    def _check_time(self, timestamp: str, now: datetime | None) -> None:
        if self._window is None or now is None:
            return
        if not re.fullmatch(r"[0-9]{1,12}", timestamp):
            raise CallbackRejected("time")
        if abs(now.timestamp() - int(timestamp)) > self._window.total_seconds():
            raise CallbackRejected("time")

    def _decrypt(self, encrypted: str, key: Key) -> bytes:
        padded: bytes = key.cipher.decrypt(_ciphertext(encrypted))  # type: ignore[no-untyped-call]
        framed = _unpadded(padded)
        end = _HEAD + int.from_bytes(framed[_RANDOM:_HEAD], "big")
        if end > len(framed):  # also if there is no room for the length itself
            raise CallbackRejected("length")
        if not hmac.compare_digest(framed[end:], self._corp_id):
            raise CallbackRejected("receiver")
        return framed[_HEAD:end]


def _encrypted_part(body: bytes) -> str:
    """Return the text of the only Encrypt element; nothing else of the envelope is signed."""
    try:
        root = read(body)
    except MarkupError:
        raise CallbackRejected("envelope") from None
    parts = root.all("Encrypt")
    if root.tag != "xml" or len(parts) != 1:
        raise CallbackRejected("envelope")
    return parts[0].value


def _ciphertext(encrypted: str) -> bytes:
    try:
        raw = base64.b64decode(encrypted, validate=True)
    except ValueError:
        raise CallbackRejected("encoding") from None
    if not raw or len(raw) % BLOCK:
        raise CallbackRejected("encoding")
    return raw


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise CallbackRejected("padding")
    return padded[:-count]
