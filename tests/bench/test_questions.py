"""The questions of the benchmark: no two alike, about everything, and answerable."""

from collections import Counter
from itertools import islice

from bench.questions import questions
from bot.domain.work_points import label
from bot.knowledge.answers import Answerer
from bot.knowledge.library import Library
from bot.knowledge.synonyms import load_synonyms
from tests.support.plan import SYNONYMS_FILE, plan_2021

ASKED = 400


def test_no_two_are_alike_and_every_run_asks_the_same() -> None:
    asked = list(questions())
    assert len({question.text for question in asked}) == len(asked) > 40_000
    assert list(islice(questions(), ASKED)) == asked[:ASKED]
    assert list(islice(questions(seed=2), ASKED)) != asked[:ASKED]


def test_a_run_asks_about_every_point_and_some_about_none() -> None:
    points = Counter(question.point for question in islice(questions(), 1000))
    assert set(points) == {None, *range(1, 21)}
    assert 50 < points[None] < 100


def test_nearly_all_get_their_point_or_the_refusal_they_deserve() -> None:
    answerer = Answerer(Library([plan_2021()]), load_synonyms(SYNONYMS_FILE))
    wrong = []
    for question in islice(questions(), ASKED):
        answer = answerer.ask(question.text)
        named = question.point is not None and label(question.point) in answer.answer
        if not (named or (question.point is None and answer.refused)):
            wrong.append((question, answer.answer))
    assert len(wrong) <= 0.05 * ASKED, wrong
