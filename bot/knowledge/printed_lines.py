"""The lines of a document as an editor numbers them, without what only the layout put there."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.pdf import PAGE_NUMBER


@dataclass(frozen=True)
class Line:
    """One printed line, stripped; `number` counts from 1, blank lines included."""

    number: int
    text: str


def printed_lines(text: str) -> Iterator[Line]:
    """Yield the lines of `text`; leave out blank ones and page numbers."""
    next_page = 1
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        # A bare number is a page's only when pages count on; else it belongs to its sentence.
        if line.isdecimal() and int(line) in {next_page, next_page + 1}:
            next_page = int(line) + 1
        elif line and not PAGE_NUMBER.fullmatch(line):
            yield Line(number, line)
