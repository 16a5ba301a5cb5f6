"""Text out of the files an office has: .txt, .md, .docx, .pdf."""

import re
from collections.abc import Callable
from pathlib import Path

from bot.errors import InputError
from bot.knowledge.pdf import pdf_text
from bot.knowledge.word import word_text
from bot.texts import question as texts

SIZE_CAP = 20 * 1024 * 1024
"""Bytes; a plan or a law is a thousand times smaller."""

_ENCODINGS = ("utf-8-sig", "gb18030")
_BINARY_STARTS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path) -> str:
    """Return the text of the file at `path`, lines ended by a line feed.

    Raises InputError with one sentence that names the file: missing, too large, of an unknown
    kind, encrypted, broken, a zip bomb, or a scan without text.
    """
    try:
        size = path.stat().st_size
        if size > SIZE_CAP:
            raise InputError(texts.file_too_large(path.name, SIZE_CAP // 1024 // 1024))
        return text_of(path.name, path.read_bytes())
    except OSError:
        raise InputError(texts.file_unreadable(path.name))


def text_of(name: str, data: bytes) -> str:
    """Return the text of an uploaded file; `name` decides how `data` is read. See read_text."""
    if len(data) > SIZE_CAP:
        raise InputError(texts.file_too_large(name, SIZE_CAP // 1024 // 1024))
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise InputError(texts.file_kind_unknown(name))
    text = re.sub(r"\r\n?|\u2028|\u2029|\x0b", "\n", reader(name, data))
    if not text.strip():
        raise InputError(texts.file_empty(name))
    return text


def _plain_text(name: str, data: bytes) -> str:
    if data.startswith(_BINARY_STARTS):
        raise InputError(texts.file_not_text(name))
    if data.startswith(_UTF16_MARKS):
        return _decode(name, data, ("utf-16",))
    return _decode(name, data, _ENCODINGS)


def _decode(name: str, data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise InputError(texts.file_not_text(name))


_MARKDOWN = (
    (re.compile(r"\A---\n.*?\n---\n", re.S), ""),
    (re.compile(r"<!--.*?-->", re.S), ""),
    (re.compile(r"^#{1,6}\s+", re.M), ""),
    (re.compile(r"\*\*(.+?)\*\*"), r"\1"),
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),
)


def _markdown(name: str, data: bytes) -> str:
    text = _plain_text(name, data).replace("\r\n", "\n")
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    return text


_READERS: dict[str, Callable[[str, bytes], str]] = {
    ".txt": _plain_text,
    ".md": _markdown,
    ".jsonl": _plain_text,
    ".csv": _plain_text,
    ".docx": word_text,
    ".pdf": pdf_text,
}
