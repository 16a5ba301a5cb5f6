"""Which characters a pattern cannot do without, so that it is tried only where one of them stands.

A message is read with more than a hundred patterns, and nearly all of them speak of things that
the message does not mention. Looking for a character costs a small part of trying a pattern.
"""

import re
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_WIDEST = 64
"""A range of more characters than this stands in nearly every text."""


def needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return characters of which every match holds at least one; empty when none is sure."""
    if pattern.flags & re.IGNORECASE:
        return frozenset()
    return _of_sequence(parser.parse(pattern.pattern, pattern.flags)) or frozenset()


def possible(characters: frozenset[str], text: Iterable[str]) -> bool:
    """Whether a pattern that needs one of `characters` can match a text of these letters."""
    return not characters or not characters.isdisjoint(text)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Each item must match: the one that is pickiest says most."""
    found = [characters for item in items if (characters := _of_item(*item))]
    return min(found, key=len, default=None)


def _of_item(code: Any, value: Any) -> frozenset[str] | None:
    if code is codes.LITERAL:
        return frozenset(chr(value))
    if code is codes.IN:
        return _of_set(value)
    if code is codes.BRANCH:
        return _of_branches(value[1])
    if code is codes.SUBPATTERN:
        _, flags, _, inside = value
        return None if flags & re.IGNORECASE else _of_sequence(inside)
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT} and value[0] > 0:
        return _of_sequence(value[2])
    return None


def _of_set(members: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    for code, value in members:
        if code is codes.LITERAL:
            found.add(chr(value))
        elif code is codes.RANGE and value[1] - value[0] < _WIDEST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(found)


def _of_branches(branches: Iterable[Iterable[tuple[Any, Any]]]) -> frozenset[str] | None:
    found: set[str] = set()
    for branch in branches:
        characters = _of_sequence(branch)
        if characters is None:
            return None
        found |= characters
    return frozenset(found)
