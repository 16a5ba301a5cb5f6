"""How often free questions get the right point, and how often others are refused.

`questions-*.tsv` were used to fit the words and weights; `heldout-*.tsv` were written after that
and answered once before anything was changed. The figures are printed with `pytest -s`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.knowledge.answer import Answer
from bot.knowledge.answers import Answerer
from bot.knowledge.library import Library
from bot.knowledge.synonyms import load_synonyms
from tests.support.plan import SYNONYMS_FILE, plan_2021

HERE = Path(__file__).parent
ANSWERER = Answerer(Library([plan_2021()]), load_synonyms(SYNONYMS_FILE))


@dataclass(frozen=True)
class Asked:
    """One row of a table with its answer."""

    question: str
    gold: frozenset[int]
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the first source is one of the right points."""
        return bool(self.answer.citations) and self.answer.citations[0].number in self.gold


def ask(table: str) -> list[Asked]:
    """Ask every question of a table."""
    with (HERE / table).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [
        Asked(
            row["question"],
            frozenset(map(int, row.get("points", "").split(",") if row.get("points") else ())),
            ANSWERER.ask(row["question"]),
        )
        for row in rows
    ]


def report(title: str, wrong: list[Asked], total: int) -> float:
    """Print a figure with what is behind it; return the share that is wrong."""
    print(f"\n{title}: {total - len(wrong)} of {total}")
    for asked in wrong:
        print("  ", asked.question, sorted(asked.gold), [c.label for c in asked.answer.citations])
    return len(wrong) / total


@pytest.mark.parametrize("table", ["questions-points.tsv", "heldout-points.tsv"])
def test_questions_get_the_right_point(table: str) -> None:
    asked = ask(table)
    assert len({a.question for a in asked}) >= 60
    refused = [a for a in asked if a.answer.refused]
    assert (
        report(f"{table}: right point first", [a for a in asked if not a.right], len(asked)) <= 0.03
    )
    assert report(f"{table}: answered", refused, len(asked)) <= 0.03


@pytest.mark.parametrize("table", ["questions-refused.tsv", "heldout-refused.tsv"])
def test_questions_outside_the_documents_are_refused(table: str) -> None:
    asked = ask(table)
    assert len({a.question for a in asked}) >= 30
    leaks = [a for a in asked if not a.answer.refused or a.answer.citations]
    assert report(f"{table}: refused without a source", leaks, len(asked)) <= 0.01


def test_every_point_is_asked_for_several_times() -> None:
    golds = [a.gold for a in ask("questions-points.tsv")]
    assert all(sum(number in gold for gold in golds) >= 10 for number in range(1, 21))


def test_quotes_stand_in_their_points_word_for_word() -> None:
    texts = {passage.id: passage.text for passage in Library([plan_2021()]).passages}
    citations = [c for a in ask("questions-points.tsv") for c in a.answer.citations]
    assert len(citations) > 400
    assert all(citation.quote in texts[citation.id] for citation in citations)
