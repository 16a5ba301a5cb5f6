"""A question taken apart: what it asks for, in units, each with the documents' words for it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.knowledge.synonyms import Synonyms
from bot.knowledge.tokens import pairs, plain
from bot.knowledge.words import ALWAYS_SILENT, GENERAL, PHRASES, SILENT_ALONE, SUBJECTS

_LONGEST = 8
_SUBJECT_STRESS = 2.0
_GENERAL_STRESS = 0.15


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the question. `others` are the documents' words for it; empty if it has none.

    `stress` says how much it matters whether a passage holds it: 1 is usual.
    """

    text: str
    others: tuple[str, ...] = ()
    stress: float = 1.0

    @property
    def whole(self) -> bool:
        """Whether only the whole word counts: 国防教育 is neither 国防 nor 教育."""
        return self.stress > 1


class Words:
    """Words, ready to be looked for at any place of a text."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[:1], set()).add(min(len(word), _LONGEST))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def longest(self, text: str, at: int) -> str:
        """Return the longest word of at most eight characters that begins at `at`, or ""."""
        for length in self._lengths.get(text[at], ()):
            if text[at : at + length] in self._words:
                return text[at : at + length]
        return ""


_SUBJECTS, _GENERAL = Words(SUBJECTS), Words(GENERAL)
_SILENT = Words(ALWAYS_SILENT | SILENT_ALONE | PHRASES)


@dataclass(frozen=True, slots=True)
class Wording:
    """A question without what says nothing; `text` is the whole question, plain."""

    text: str
    units: tuple[Unit, ...]


def take_apart(
    question: str, synonyms: Synonyms, sayings: Words, knows: Callable[[str], bool]
) -> Wording:
    """Take `question` apart. `sayings` are the words of `synonyms`.

    `knows(pair)` says whether the documents hold a pair of 汉字.

    Synonyms and subjects come first, longest first; then words that say nothing are left out and
    general words that no document has are set apart; what remains is kept in stretches, so that
    pairs of neighbours stay together.
    """
    text = plain(question)
    units: list[Unit] = []
    run, at = "", 0
    while at < len(text):
        unit, length = _next(text, at, bool(run), synonyms, sayings, knows)
        if length:
            units += [Unit(run)] if run else []
            units += [unit] if unit else []
            run, at = "", at + length
        else:
            run, at = run + text[at], at + 1
    units += [Unit(run)] if run else []
    return Wording(text, tuple(units))


def _next(
    text: str,
    at: int,
    running: bool,
    synonyms: Synonyms,
    sayings: Words,
    knows: Callable[[str], bool],
) -> tuple[Unit | None, int]:
    """Return the unit that begins at `at` and its length; (None, 0) to go on with the stretch."""
    said, subject = sayings.longest(text, at), _SUBJECTS.longest(text, at)
    if said and len(said) >= len(subject):
        return Unit(said, tuple(plain(other) for other in synonyms[said])), len(said)
    if subject and not _straddles(text, at, subject, knows):
        return Unit(subject, stress=_SUBJECT_STRESS), len(subject)
    silent, general = _SILENT.longest(text, at), _GENERAL.longest(text, at)
    word = max(silent, general, key=len)
    if not word or (word not in ALWAYS_SILENT and _belongs(text, at, word, running, knows)):
        return None, 0
    return (None if word == silent else Unit(word, stress=_GENERAL_STRESS)), len(word)


def _straddles(text: str, at: int, word: str, knows: Callable[[str], bool]) -> bool:
    """Whether the documents know a word across an edge of `word`: 军服 in 拥军服务 is no word."""
    end = at + len(word)
    edges = (text[at - 1 : at + 1] if at else "", text[end - 1 : end + 1])
    return any(len(pair) == 2 and knows(pair) for pair in edges)


def _belongs(text: str, at: int, word: str, running: bool, knows: Callable[[str], bool]) -> bool:
    """Whether `word` is part of one that the documents know (和 in 和谐)."""
    if len(word) > 1:
        return word in GENERAL and all(map(knows, pairs(word)))
    before, after = text[at - 1 : at + 1] if running else "", text[at : at + 2]
    return any(len(pair) == 2 and knows(pair) for pair in (before, after))
