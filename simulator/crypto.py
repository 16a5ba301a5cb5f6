"""WeCom's side of the callback envelope: sign, encrypt, decrypt [O 90968]."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""Padding goes to a multiple of 32 bytes, twice the block of AES."""


class EnvelopeError(Exception):
    """An envelope that is not what its maker claims, or a key that is none."""


def sign(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Return the lower-case hexadecimal signature of the four parts."""
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def decode_key(encoding_aes_key: str) -> bytes:
    """Return the 32 bytes of an EncodingAESKey of 43 letters and digits."""
    usable = (
        len(encoding_aes_key) == 43 and encoding_aes_key.isascii() and encoding_aes_key.isalnum()
    )
    if not usable:
        raise EnvelopeError("an EncodingAESKey has 43 letters and digits")
    # Real keys may have the two spare bits set: a strict decoder would refuse them.
    return base64.b64decode(encoding_aes_key + "=")


class Envelope:
    """Encrypts and decrypts for one app. `receiveid` is the corp id of a self-built app."""

    def __init__(
        self,
        token: str,
        encoding_aes_key: str,
        receiveid: str,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._token = token
        self._key = decode_key(encoding_aes_key)
        self._receiveid = receiveid.encode()
        self._random_bytes = random_bytes

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Return the signature under this app's token."""
        return sign(self._token, timestamp, nonce, encrypted)

    def encrypt(self, plaintext: bytes) -> str:
        """Return base64 of random(16) + length + plaintext + receiveid, padded."""
        length = struct.pack(">I", len(plaintext))
        body = self._random_bytes(16) + length + plaintext + self._receiveid
        pad = BLOCK - len(body) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(body + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """Return the plaintext; EnvelopeError when padding, length or receiveid is wrong."""
        body = _unpad(self._opened(encrypted))
        if len(body) < 20:
            raise EnvelopeError("too short")
        (length,) = struct.unpack(">I", body[16:20])
        plaintext, receiveid = body[20 : 20 + length], body[20 + length :]
        if len(plaintext) != length or receiveid != self._receiveid:
            raise EnvelopeError("the length or the receiveid is wrong")
        return plaintext

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """Check the signature, then decrypt."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypted), signature):
            raise EnvelopeError("the signature is wrong")
        return self.decrypt(encrypted)

    def _opened(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except binascii.Error:
            raise EnvelopeError("not base64") from None
        if not sealed or len(sealed) % BLOCK:
            raise EnvelopeError("not a multiple of the block")
        decryptor = self._cipher().decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _unpad(body: bytes) -> bytes:
    pad = body[-1]
    if not 1 <= pad <= BLOCK or body[-pad:] != bytes([pad]) * pad:
        raise EnvelopeError("the padding is wrong")
    return body[:-pad]
