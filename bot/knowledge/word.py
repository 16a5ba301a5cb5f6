"""Text out of .docx: paragraphs and tables in order, automatic numbers written out."""

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from bot.errors import InputError
from bot.knowledge.word_numbering import Numbering
from bot.texts import question as texts

UNPACKED_CAP = 200 * 1024 * 1024
"""Bytes that a .docx of the permitted size may unpack to; beyond lies a zip bomb."""

_OLE = b"\xd0\xcf\x11\xe0"
_BREAKS = {qn("w:br"), qn("w:cr")}
_PARAGRAPH, _ROW, _CELL = qn("w:p"), qn("w:tr"), qn("w:tc")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_FALLBACK, qn("w:del"), qn("w:moveFrom")}


def word_text(name: str, data: bytes) -> str:
    """Return the text of a .docx, a paragraph or table row a line, cells parted by a tab.

    Numbers that Word counts by itself are written out. Deleted tracked text is left out,
    inserted text kept. Raises InputError for encrypted, broken or bomb-like files.
    """
    _check_archive(name, data)
    try:
        document = Document(io.BytesIO(data))
        numbering = Numbering(document)
        return "\n".join(_lines(document.element.body, numbering))
    except Exception:  # a broken package makes the parsers fail in any way they like
        raise InputError(texts.file_broken(name))


def _check_archive(name: str, data: bytes) -> None:
    if data.startswith(_OLE):
        raise InputError(texts.file_old_or_encrypted_word(name))
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise InputError(texts.file_broken(name))
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError(texts.file_encrypted(name))
    if sum(entry.file_size for entry in entries) > UNPACKED_CAP:
        raise InputError(texts.file_bomb(name))


def _lines(element: Element, numbering: Numbering) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == _PARAGRAPH:
            yield numbering.number(child) + _own_text(child)
            yield from _nested(child, numbering)
        elif child.tag == _ROW:
            yield "\t".join(_cell(cell, numbering) for cell in child.iter(_CELL))
        else:
            yield from _lines(child, numbering)


def _cell(cell: Element, numbering: Numbering) -> str:
    return " ".join(line for line in _lines(cell, numbering) if line.strip())


def _nested(paragraph: Element, numbering: Numbering) -> Iterator[str]:
    """Text boxes hang inside paragraphs; red-headed papers keep their 文号 in one."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
            yield from _lines(box, numbering)


def _own_text(paragraph: Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag == qn("w:txbxContent"):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == qn("w:tab"):
            yield "\t"
        else:
            yield from _pieces(child)
