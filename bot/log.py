"""Logging that keeps secrets: every line passes one filter before it is written."""

import logging
import re
import sys

_HIDDEN = "***"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"((?:access_token|corpsecret|secret|msg_signature|echostr|encoding_aes_key|token|key)"
            r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+",
            re.IGNORECASE,
        ),
        rf"\g<1>{_HIDDEN}",
    ),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), _HIDDEN),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), _HIDDEN),
    (re.compile(r"(://[^:/@\s]+:)[^@\s]+@"), rf"\g<1>{_HIDDEN}@"),
)


def redact(text: str) -> str:
    """Return `text` without tokens, secrets, passwords, mobile and identity numbers."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class _RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and only then hides what must stay hidden."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return redact(super().format(record))


def configure(level: str = "INFO") -> None:
    """Write log lines to stderr, one place for the whole process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
