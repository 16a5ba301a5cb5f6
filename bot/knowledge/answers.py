"""A question → an answer with its sources, or a refusal. Nothing is said that no source says."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.work_points import WorkPlan
from bot.knowledge import gaps, scope
from bot.knowledge.answer import Answer, certain, cite, fit, quoting
from bot.knowledge.finder import NEAR_MISS, SURE, Finder, Found
from bot.knowledge.index import Hit
from bot.knowledge.library import Library
from bot.knowledge.passages import Passage, of_point
from bot.knowledge.plan_facts import fact_passage
from bot.knowledge.quoting import opening
from bot.knowledge.requests import (
    ByArticle,
    ByFact,
    ByNumber,
    BySection,
    Request,
    Responsibility,
)
from bot.knowledge.rules import read_request, section_titled
from bot.knowledge.synonyms import Synonyms
from bot.texts import question as texts

QUESTION_CAP = 500
"""Characters of a question that are read."""

_LEAST_SHARED_TITLE = 4
_DEPTH = 10


class Answerer:
    """Answers from one library. Immutable: when documents change, build another one."""

    def __init__(self, library: Library, synonyms: Synonyms) -> None:
        self._library = library
        self._finder = Finder(library.passages, [plan.title for plan in library.plans], synonyms)

    def ask(self, question: str, top: int = 5) -> Answer:
        """Answer `question`, with up to `top` hits. Never raises for any text."""
        text = _readable(question)
        if not text:
            return Answer(question, texts.nothing_asked(), refused=True)
        if not self._library.passages:
            return Answer(question, texts.no_documents(), refused=True)
        beyond = scope.outside(text, self._library)
        if beyond is not None:
            said = texts.outside(beyond.reason.value, beyond.named)
            return Answer(question, said, refused=True)
        request = read_request(text, self._library)
        answer = self._by_rule(text, request, top) or self._by_search(text, top)
        return replace(answer, question=question)

    def assigned(self, answer: Answer, sentence: str) -> Answer:
        """Return `answer` with what the office's assignments say, citing the points."""
        points = answer.responsibility.points if answer.responsibility else ()
        passages = self._points(self._plan(answer.question), points)
        return replace(
            answer,
            answer=sentence,
            refused=False,
            citations=tuple(cite(passage, passage.text) for passage in passages),
        )

    # --- by rule ---

    def _by_rule(self, text: str, request: Request | None, top: int) -> Answer | None:
        match request:
            case ByNumber(numbers):
                return self._numbered(text, numbers)
            case ByArticle():
                return self._article(text, request)
            case BySection(number):
                return self._section(text, number)
            case ByFact(fact):
                return self._fact(text, fact_passage(self._plan(text), fact))
            case Responsibility():
                return self._responsibility(text, request, top)
        return None

    def _plan(self, text: str) -> WorkPlan:
        plans = [self._library.plan_of(year) for year in scope.years(text)]
        plan = next((plan for plan in plans if plan), self._library.plan)
        assert plan is not None, "rules about the plan apply only when there is one"
        return plan

    def _points(self, plan: WorkPlan, numbers: Sequence[int]) -> list[Passage]:
        points = [plan.point(number) for number in dict.fromkeys(numbers)]
        return [of_point(plan, point) for point in points if point]

    def _numbered(self, text: str, numbers: tuple[int, ...]) -> Answer:
        plan = self._plan(text)
        passages = self._points(plan, numbers)
        missing = [number for number in numbers if plan.point(number) is None]
        if missing:
            said = texts.no_such_points(plan.title, missing, len(plan.points))
            return Answer(text, said, refused=True, hits=certain(passages))
        lacking = gaps.kind_missing(text, "\n".join(passage.text for passage in passages))
        if lacking:
            said = texts.not_stated(lacking, passages[0].label)
            return Answer(text, said, refused=True, hits=certain(passages))
        return quoting(text, passages, None, certain(passages))

    def _article(self, text: str, request: ByArticle) -> Answer:
        if request.title is None:
            return Answer(text, texts.law_unknown(request.named), refused=True)
        passage = self._library.article(request.title, request.number)
        if passage is None:
            said = texts.no_such_article(request.title, request.number)
            return Answer(text, said, refused=True)
        return quoting(text, [passage], None, certain([passage]))

    def _section(self, text: str, number: int) -> Answer:
        plan = self._plan(text)
        section = next((s for s in plan.sections if s.number == number), None)
        if section is None:
            said = texts.no_such_section(plan.title, number, len(plan.sections))
            return Answer(text, said, refused=True)
        passages = [of_point(plan, point) for point in plan.points if point.section == number]
        openings = [(p.label, opening(p.text)) for p in passages]
        return Answer(
            text,
            fit(texts.section(plan.title, f"第{number}部分“{section.title}”", openings)),
            refused=False,
            citations=tuple(cite(p, part) for p, (_, part) in zip(passages, openings, strict=True)),
            hits=certain(passages),
        )

    def _fact(self, text: str, passage: Passage) -> Answer:
        said = texts.fact(passage.label, passage.document, passage.text)
        hits = certain([passage])
        return Answer(text, said, False, (cite(passage, passage.text),), hits)

    def _responsibility(self, text: str, request: Responsibility, top: int) -> Answer | None:
        points, hits = request.points, certain(self._points(self._plan(text), request.points))
        if not points:
            found = self._finder.find(request.rest, top, self._plan(text).title)
            if not found or found[0].confidence < SURE or found[0].passage.kind != "work_point":
                return None
            points = (found[0].passage.number or 0,)
            hits = tuple(item.hit for item in found[:top])
        known = self._points(self._plan(text), points)
        if len(known) < len(points):
            return self._numbered(text, points)
        said = texts.unassigned(request.asked.value, [passage.label for passage in known])
        settled = replace(request, points=points)
        return Answer(text, said, refused=True, hits=hits, responsibility=settled)

    # --- by search ---

    def _by_search(self, text: str, top: int) -> Answer:
        plan = self._plan(text).title if self._library.plan else ""
        found = self._finder.find(text, max(top, _DEPTH), plan)
        hits = tuple(item.hit for item in found[:top])
        if not found or found[0].confidence < NEAR_MISS:
            return self._uncertain(text, found, hits)
        missing = found[0].lacks or gaps.gap(text, found[0].passage.text)
        if missing:
            said = texts.not_stated(missing, found[0].passage.label)
            return Answer(text, said, refused=True, hits=hits)
        if found[0].confidence < SURE:
            return self._uncertain(text, found, hits)
        return self._found(text, found, hits)

    def _found(self, text: str, found: list[Found], hits: tuple[Hit, ...]) -> Answer:
        equal = [found[0], *(item for item in found[1:3] if item.equals(found[0]))]
        asked = self._finder.wording(text)
        answer = quoting(text, [item.passage for item in equal], asked, hits)
        close = [item.passage.label for item in found[1:3] if item.near(found[0])]
        if not close or len(equal) > 1:
            return answer
        return replace(answer, answer=fit(f"{answer.answer}\n{texts.you_may_mean(close)}"))

    def _uncertain(self, text: str, found: list[Found], hits: tuple[Hit, ...]) -> Answer:
        section = section_titled(text, self._library, _LEAST_SHARED_TITLE)
        if section is not None:
            return self._section(text, section.number)
        near = [item.passage.label for item in found[:3] if item.confidence >= NEAR_MISS]
        said = texts.not_covered(self._library.documents)
        if near:
            said = f"{said}{texts.perhaps(near)}"
        return Answer(text, said, refused=True, hits=hits)


def _readable(question: str) -> str:
    text = re.sub(r"[\x00-\x1f\x7f\ufffd\u200b-\u200f\u202a-\u202e\ufeff]", " ", question)
    return unicodedata.normalize("NFC", text).strip()[:QUESTION_CAP]
