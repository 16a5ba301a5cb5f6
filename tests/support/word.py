"""Word documents as offices make them: typed numbers, or numbers that Word counts."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

_SECTIONS, _POINTS = 91, 92
_LEVEL = (
    '<w:abstractNum {ns} w:abstractNumId="{id}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
)


def word(paragraphs: Sequence[str]) -> bytes:
    """Return a .docx of plain paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return _bytes(document)


def numbered_word(
    head: Sequence[str], sections: Sequence[tuple[str, Sequence[str]]], *, by_style: bool = False
) -> bytes:
    """Return a .docx whose sections (一、) and points (1.) Word numbers by itself.

    With `by_style` the points get their number from a paragraph style.
    """
    document = Document()
    _define(document, _SECTIONS, "chineseCountingThousand", "%1、")
    _define(document, _POINTS, "decimal", "%1.")
    style = document.styles.add_style("要点", 1)
    if by_style:
        style.element.get_or_add_pPr().append(_number_properties(_POINTS))
    for text in head:
        document.add_paragraph(text)
    for title, points in sections:
        _number(document.add_paragraph(title), _SECTIONS)
        for text in points:
            paragraph = document.add_paragraph(text, style="要点" if by_style else None)
            if not by_style:
                _number(paragraph, _POINTS)
    return _bytes(document)


def table_word(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a .docx: a paragraph, a table, a paragraph."""
    document = Document()
    document.add_paragraph("表前")
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("表后")
    return _bytes(document)


def _define(document: DocxDocument, number: int, form: str, pattern: str) -> None:
    root = document.part.numbering_part.element
    level = _LEVEL.format(ns=nsdecls("w"), id=number, form=form, pattern=pattern)
    root.insert(0, parse_xml(level))
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )
    )


def _number_properties(number: int) -> BaseOxmlElement:
    properties = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", "0"), ("w:numId", str(number))):
        child = OxmlElement(name)
        child.set(qn("w:val"), value)
        properties.append(child)
    return properties


def _number(paragraph: Paragraph, number: int) -> None:
    paragraph._p.get_or_add_pPr().append(_number_properties(number))


def _bytes(document: DocxDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
