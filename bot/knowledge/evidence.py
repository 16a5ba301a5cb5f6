"""How well a passage covers what a question asks for, and whether that is enough to answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.knowledge.index import Index
from bot.knowledge.passages import Passage
from bot.knowledge.tokens import longest_common, pairs, plain
from bot.knowledge.wording import Unit, Wording
from bot.knowledge.words import HOME

_LONGEST_RUN = 6
_HEAVIEST = 4
"""A long stretch counts no more than so many 汉字."""
_LIGHTEST = 0.15
"""What a word that stands everywhere (双拥, 部队) still weighs, beside 1 for an unknown one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage. All are numbers from 0; `covered` and `unknown` are shares."""

    covered: float
    """Share of what is asked for that stands in the passage, in the question's words or others."""
    unknown: float
    """Share of what is asked for that stands in no passage at all."""
    lacks: str
    """A subject of other papers (wording.Unit.whole) that is named and the passage lacks, or ""."""
    literal: float
    """Rarity of the question's own words that stand in the passage, in units of the rarest."""
    meant: float
    """The same for words of the passage that only mean what the question says (synonyms)."""
    run: int
    """Longest string, up to `_LONGEST_RUN`, that stands both in question and passage."""
    at_home: bool
    """Whether the question has a word of the office's field."""


def weigh(question: Wording, passage: Passage, index: Index) -> Evidence:
    """Compare what `question` asks for with one passage."""
    text = plain(passage.text)
    foreign = [unit for unit in question.units if unit.whole and unit.text not in text]
    units = [(unit, _weight(unit, index)) for unit in question.units if unit not in foreign]
    total = sum(weight for _, weight in units) or 1
    own = [unit for unit, _ in units if not unit.others or unit.text in text]
    other = [unit for unit, _ in units if unit.others and unit.text not in text]
    at_home = any(word in question.text for word in HOME)
    return Evidence(
        covered=sum(weight * _covered(unit, text) for unit, weight in units) / total,
        unknown=sum(weight * _unknown(unit, index) for unit, weight in units) / total,
        lacks=foreign[0].text if foreign else "",
        literal=sum(_rarity(unit, text, index) for unit in own) / index.rarity(""),
        # Outside the office's field a synonym is a guess: 上班 need not mean 就业.
        meant=sum(_rarity(u, text, index) for u in other) / index.rarity("") / (2 - at_home),
        run=longest_common(question.text, text, _LONGEST_RUN),
        at_home=at_home,
    )


def _weight(unit: Unit, index: Index) -> float:
    forms = (unit.text, *unit.others) if unit.others else (unit.text,)
    rarest = min(max(map(index.rarity, pairs(form)), default=0.0) for form in forms)
    common = max(_LIGHTEST, rarest / index.rarity(""))
    return unit.stress * min(len(unit.text), _HEAVIEST) * common


def _said(unit: Unit, text: str) -> str:
    """Return the first of the unit's wordings that stands in `text`, or ""."""
    return next((form for form in (unit.text, *unit.others) if form in text), "")


def _covered(unit: Unit, text: str) -> float:
    if _said(unit, text):
        return 1.0
    return _share(unit.text, lambda token: token in text)


def _unknown(unit: Unit, index: Index) -> float:
    if any(all(map(index.knows, pairs(form))) for form in unit.others):
        return 0.0
    return 1 - _share(unit.text, index.knows)


def _share(text: str, holds: Callable[[str], bool]) -> float:
    """Return the share of `text` that lies in tokens for which `holds`; a lone 汉字 counts half."""
    if len(text) == 1:
        return 0.5 * holds(text)
    inside: set[int] = set()
    for token in pairs(text):
        at = text.find(token)
        if holds(token):
            inside.update(range(at, at + len(token)))
    return len(inside) / len(text)


def _rarity(unit: Unit, text: str, index: Index) -> float:
    said = _said(unit, text)
    known = pairs(said) if said else [pair for pair in pairs(unit.text) if pair in text]
    return max(map(index.rarity, known), default=0.0) + 0.25 * sum(map(index.rarity, known))


_WEIGHTS = {
    "covered": (1.4, 1.0),
    "unknown": (-2.8, 1.0),
    "literal": (2.6, 3.0),
    "meant": (1.3, 3.0),
    "run": (0.35, float(_LONGEST_RUN)),
    "at_home": (2.8, 1.0),
}
"""Feature → weight and the value beyond which more says nothing."""
_BIAS = -3.5
_LEAST_RARITY, _ANY_WOULD_DO = 0.45, 0.2
"""A question of words that stand everywhere (双拥, 部队) fits any passage: none is the answer."""


def confidence(evidence: Evidence) -> float:
    """Return how sure it is, from 0 to 1, that the passage answers the question.

    A logistic model of features that say nothing of any particular passage, fitted on the
    development questions (tests/quality); held-out questions give its real figures.
    """
    if evidence.literal + evidence.meant < _LEAST_RARITY:
        return _ANY_WOULD_DO
    weighed = _BIAS + sum(
        weight * min(float(getattr(evidence, name)), cap)
        for name, (weight, cap) in _WEIGHTS.items()
    )
    return 1 / (1 + math.exp(-weighed))
