"""Cutting text to WeCom's limits without cutting a character in two.

What a reader sees as one character (an emoji with its skin tone, a family joined by zero-width
joiners, a flag, a letter with its accents) stays whole, and so does a link in a text message.
"""

import re
from collections.abc import Callable

_CLUSTER = re.compile(
    r"<a\b[^<>]*>[^<>]*</a>"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    "|.(?:\u200d.|[\u0300-\u036f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f])*",
    re.DOTALL,
)
_MORE = "…"


def size(text: str) -> int:
    """Return the length in bytes of UTF-8, which is what WeCom counts."""
    return len(text.encode(errors="surrogatepass"))


def clusters(text: str, room: int) -> list[str]:
    """Return what must stay together, in order; a piece above `room` bytes is let fall apart."""
    found: list[str] = []
    for piece in _CLUSTER.findall(text):
        found.extend([piece] if size(piece) <= room else piece)
    return found


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters; the last one shows that something was left out."""
    text = text.strip()
    if len(text) <= limit:
        return text
    return _head(text, limit - len(_MORE), len) + _MORE


def clip_bytes(text: str, limit: int) -> str:
    """Return at most `limit` bytes of UTF-8; the last character shows that something is left."""
    text = text.strip()
    if size(text) <= limit:
        return text
    return _head(text, limit - size(_MORE), size) + _MORE


def _head(text: str, room: int, measure: Callable[[str], int]) -> str:
    kept: list[str] = []
    for piece in _CLUSTER.findall(text):
        room -= measure(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip()
