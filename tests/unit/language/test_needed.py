"""What a pattern cannot do without: it may never keep a pattern from a text that it matches."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import cues, mentions
from bot.language.needed import needed, possible

TABLES = Path(__file__).parents[2] / "quality"
PATTERNS = [
    *((row.pattern, row.needed) for row in mentions._ANCHORS),
    *((pattern, characters) for _, pattern, characters in cues._PATTERNS),
]


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("八一建军节", "八"),
        ("(?:春节|元宵节)前", "前"),
        ("(?:上|下)旬?", "上下"),
        ("(?:周|星期)[一二]", "周星"),
        (r"(?P<d>\d+)日?", ""),
        ("(?:大?年)?初", "初"),
        ("[^一二]", ""),
        ("(?i)ok", ""),
        ("(?i:ok)", ""),
        ("a|", ""),
        ("(?=月)", ""),
        (r"\s*", ""),
        ("[\u4e00-\u9fff]{2}中", "中"),
        ("一{2,}", "一"),
    ],
)
def test_the_pickiest_part_is_found(pattern: str, characters: str) -> None:
    assert needed(re.compile(pattern)) == frozenset(characters)


def sentences() -> list[str]:
    found: list[str] = []
    for file in sorted(TABLES.glob("*.tsv")):
        with file.open(encoding="utf-8") as lines:
            found += [next(iter(row.values())) for row in csv.DictReader(lines, delimiter="\t")]
    return found


def test_no_match_is_missed_in_what_people_write() -> None:
    for sentence in sentences():
        for pattern, characters in PATTERNS:
            assert not pattern.search(sentence) or possible(characters, sentence), pattern


@given(st.data())
def test_no_match_is_missed_in_what_a_pattern_asks_for(data: st.DataObject) -> None:
    pattern, characters = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(pattern))
    assert possible(characters, text)


def test_most_patterns_are_picky() -> None:
    assert sum(not characters for _, characters in PATTERNS) < len(PATTERNS) / 10
