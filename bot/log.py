"""Logging that keeps secrets: every line passes one filter before it is written.

The filter knows two things: how secrets look (`access_token=…`, a mobile number), and the very
values that this process was given (`keep_out`), in whatever form a library may repeat them.
"""

import json
import logging
import re
import sys
import threading
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import TextIO
from urllib.parse import quote, quote_plus

_HIDDEN = "***"
_NAMES = (
    "access_token|corpsecret|secret|msg_signature|echostr|encoding_aes_key|encodingaeskey|token"
    "|password|passwd|pwd|key|authorization|cookie"
)
_GAP = r"[\s\-\u00a0]?"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"((?:{_NAMES})[\\\"']{{0,2}}\s*[=:]\s*(?:SecretStr\()?[\\\"']{{0,2}}(?:(?:Bearer|Basic)\s+)?)"
            r"[^\s&\"',}\\]+",
            re.IGNORECASE,
        ),
        rf"\g<1>{_HIDDEN}",
    ),
    (re.compile(rf"(?<!\d)\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXxＸｘ](?!\d)"), _HIDDEN),
    (re.compile(rf"(?<!\d)(?:86)?[1１][3-9３-９]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"), _HIDDEN),
    (re.compile(r"(://[^:/@\s]*:)\S+@"), rf"\g<1>{_HIDDEN}@"),
    # PostgreSQL repeats the whole row here: what somebody wrote, perhaps over several lines
    (
        re.compile(r"(DETAIL: ).*?(?=\n(?:HINT|CONTEXT|\[SQL)|\n\n|\Z)", re.DOTALL),
        rf"\g<1>{_HIDDEN}",
    ),
)
_SHORTEST = 4
"""A shorter value is part of ordinary words; hiding it would make the log unreadable."""
_kept: deque[tuple[str, ...]] = deque(maxlen=64)
"""The newest secrets of this process; a new access token comes every two hours."""


def keep_out(secret: str) -> None:
    """Never write this value, in any of the forms in which libraries quote it."""
    if len(secret) < _SHORTEST:
        return
    written = (secret, quote(secret, safe=""), quote(secret), quote_plus(secret),
               repr(secret)[1:-1], json.dumps(secret)[1:-1])  # fmt: skip
    forms = tuple(sorted(set(written), key=len, reverse=True))
    if forms not in _kept:
        _kept.append(forms)


def redact(text: str) -> str:
    """Return `text` without tokens, secrets, passwords, mobile and identity numbers."""
    for forms in tuple(_kept):
        for form in forms:
            text = text.replace(form, _HIDDEN)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class _RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and only then hides what must stay hidden."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; a line that cannot be made is named by its place, without what it held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """The library would print the arguments as they are."""
        with suppress(OSError, ValueError):
            self.stream.write(f"log line lost: {record.pathname}:{record.lineno}\n")


def configure(level: str = "INFO") -> None:
    """Write log lines to stderr, one place for the whole process; uncaught errors, too."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = lambda thrown: _uncaught(
        thrown.exc_type, thrown.exc_value or thrown.exc_type(), thrown.exc_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error, trace))
