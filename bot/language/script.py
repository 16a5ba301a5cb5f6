"""A message as the readers see it: half width, without stray blanks, traceable to the original."""

import re
import unicodedata
from dataclasses import dataclass

HAN = r"[\u3400-\u9fff〇]"
CLAUSE_END = re.compile(r"[,。;!?\n]")
_BLANK = re.compile(r"[^\S\n]")
_QUOTES = frozenset("“”\"‘’'*`　")
_ODD = re.compile("[\\s“”\"‘’'*`]")
_REMEMBERED = 20_000
"""Characters whose half-width form is kept: all that people write, not all that there are."""
_EXTRA = {"，": ",", "；": ";", "：": ":", "！": "!", "？": "?", "．": ".", "﹪": "%"}


@dataclass(frozen=True)
class Span:
    """A half-open stretch of a script's plain text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two stretches share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Script:
    """`plain` is what patterns match; `places[i]` is where its i-th character stands in `raw`."""

    raw: str
    plain: str
    places: tuple[int, ...]

    def original(self, span: Span) -> str:
        """Return the user's own characters under `span`, trimmed."""
        if span.start >= span.end:
            return ""
        return self.raw[self.places[span.start] : self.places[span.end - 1] + 1].strip()

    def spaced(self, index: int) -> bool:
        """Whether the user left a gap before the character at `index` of the plain text."""
        return 0 < index < len(self.places) and self.places[index] - self.places[index - 1] > 1


def script(raw: str) -> Script:
    """Make full width half, drop quotation marks and the blanks that do not part two numbers."""
    narrow = half_width(raw)
    if not _ODD.search(narrow):
        return Script(raw, narrow, tuple(range(len(narrow))))
    kept = [(char, place) for place, char in enumerate(narrow) if not _droppable(narrow, place)]
    return Script(raw, "".join(char for char, _ in kept), tuple(place for _, place in kept))


def clauses(plain: str) -> tuple[Span, ...]:
    """Cut at commas, full stops and line ends; 、 does not end a clause."""
    spans: list[Span] = []
    start = 0
    for mark in CLAUSE_END.finditer(plain):
        spans.append(Span(start, mark.start()))
        start = mark.end()
    spans.append(Span(start, len(plain)))
    return tuple(span for span in spans if span.end > span.start)


def clause_at(plain: str, index: int) -> Span:
    """Return the clause that the character at `index` stands in."""
    start = max((mark.end() for mark in CLAUSE_END.finditer(plain, 0, index)), default=0)
    stop = CLAUSE_END.search(plain, index)
    return Span(start, stop.start() if stop else len(plain))


def masked(plain: str, spans: tuple[Span, ...]) -> str:
    """Blank out what another reader has already claimed; lengths stay."""
    letters = list(plain)
    for span in spans:
        letters[span.start : span.end] = "\0" * (span.end - span.start)
    return "".join(letters)


def half_width(raw: str) -> str:
    """Return `raw` with each character in its half-width form; places stay the same."""
    return raw.translate(_TWINS)


class _Twins(dict[int, str]):
    """Each character's half-width form, found out when it first occurs."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        twin = unicodedata.normalize("NFKC", char)
        found = _EXTRA.get(char, twin if len(twin) == 1 else char)
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


_TWINS = _Twins()


def _droppable(text: str, place: int) -> bool:
    if text[place] in _QUOTES:
        return True
    if not _BLANK.match(text[place]):
        return False
    before = text[max(0, place - 3) : place].rstrip()[-1:]
    after = text[place : place + 4].lstrip()[:1]
    return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())
