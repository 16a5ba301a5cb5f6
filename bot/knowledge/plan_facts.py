"""The facts that a work plan's document states of itself, as passages that can be cited."""

from bot.domain.work_points import Section, WorkPlan
from bot.knowledge.passages import Passage, passage
from bot.knowledge.requests import Fact
from bot.texts import question as texts


def fact_passage(plan: WorkPlan, fact: Fact) -> Passage:
    """Return the passage that holds `fact`; its label is the fact's Chinese name."""
    return passage(plan.title, fact.value, "fact", _value(plan, fact))


def _value(plan: WorkPlan, fact: Fact) -> str:
    values = {
        Fact.NUMBER: plan.number,
        Fact.DATE: texts.day_in_words(plan.issued_on),
        Fact.ISSUER: plan.issuer,
        Fact.TITLE: plan.title,
    }
    return values.get(fact) or texts.structure(
        len(plan.points), [(s.title, _span(plan, s)) for s in plan.sections]
    )


def _span(plan: WorkPlan, section: Section) -> str:
    labels = [point.label for point in plan.points if point.section == section.number]
    return f"{labels[0]}至{labels[-1]}" if len(labels) > 1 else labels[0]
