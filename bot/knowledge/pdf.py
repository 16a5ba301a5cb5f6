"""Text out of .pdf, without page numbers and running heads."""

import io
import logging
import re
from collections import Counter

from pypdf import PdfReader

from bot.errors import InputError
from bot.texts import question as texts

PAGE_CAP = 500
"""Pages; more is no document that an office would ask about."""

PAGE_NUMBER = re.compile(
    r"[\s\u3000]*(?:[-—–－·]+[\s\u3000]*\d{1,4}[\s\u3000]*[-—–－·]+"
    r"|第[\s\u3000]*\d{1,4}[\s\u3000]*页.{0,12}|\d{1,4}[\s\u3000]*/[\s\u3000]*\d{1,4})[\s\u3000]*"
)
"""A line that is nothing but a page number which no sentence can contain."""

_RUNNING_HEAD_PAGES = 3


def pdf_text(name: str, data: bytes) -> str:
    """Return the text of a PDF, one printed line a line, pages one after another.

    Raises InputError for encrypted, broken and overlong files, and for scans without text.
    """
    pages = [_clean_lines(page) for page in _pages(name, data)]
    if not any(pages):
        raise InputError(texts.file_scanned(name))
    repeated = _running_heads(pages)
    return "\n".join("\n".join(_body(page, repeated)) for page in pages)


def _pages(name: str, data: bytes) -> list[str]:
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        fault = _fault(name, reader)
        pages = [] if fault else [page.extract_text() for page in reader.pages]
    except Exception:  # a broken file makes the parser fail in any way it likes
        raise InputError(texts.file_broken(name))
    if fault:
        raise InputError(fault)
    return pages


def _fault(name: str, reader: PdfReader) -> str:
    """Return why a well-formed PDF is not read, or ""."""
    if reader.is_encrypted and not reader.decrypt(""):
        return texts.file_encrypted(name)
    return texts.file_too_many_pages(name, PAGE_CAP) if len(reader.pages) > PAGE_CAP else ""


def _clean_lines(page: str) -> list[str]:
    return [line.strip() for line in page.splitlines() if line.strip()]


def _running_heads(pages: list[list[str]]) -> set[str]:
    """Lines that stand first or last on three pages or more: heads and feet, not text."""
    edges = Counter(line for page in pages if page for line in {page[0], page[-1]})
    return {line for line, seen in edges.items() if seen >= _RUNNING_HEAD_PAGES}


def _body(page: list[str], repeated: set[str]) -> list[str]:
    start, end = 0, len(page)
    while start < end and _is_margin(page[start], repeated):
        start += 1
    while end > start and _is_margin(page[end - 1], repeated):
        end -= 1
    return page[start:end]


def _is_margin(line: str, repeated: set[str]) -> bool:
    # At a page's edge a bare number is its page number; elsewhere it may belong to a sentence.
    return line in repeated or line.isdecimal() or PAGE_NUMBER.fullmatch(line) is not None
