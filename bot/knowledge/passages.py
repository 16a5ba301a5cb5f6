"""A passage is what an answer may quote: a point, an article, a fact of a document."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.work_points import WorkPlan, WorkPoint

Kind = Literal["work_point", "article", "faq", "fact"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document. `path` says where it stands (section or chapter), "" if nowhere.

    `id` is the one given by a .jsonl line, else `document#label` (contract.md, `ask`).
    """

    id: str
    document: str
    label: str
    kind: Kind
    number: int | None
    text: str
    path: str = ""


def passage(document: str, label: str, kind: Kind, text: str, path: str = "") -> Passage:
    """Make a passage without a number; its id is `document#label`."""
    return Passage(f"{document}#{label}", document, label, kind, None, text, path)


OVERALL = "总体要求"
"""Label of a plan's preamble."""


def of_plan(plan: WorkPlan) -> tuple[Passage, ...]:
    """Return the plan's points and its preamble, in the document's order."""
    points = tuple(of_point(plan, point) for point in plan.points)
    if not plan.preamble:
        return points
    return (passage(plan.title, OVERALL, "fact", plan.preamble), *points)


def of_point(plan: WorkPlan, point: WorkPoint) -> Passage:
    """Return one point as passage; its path is its section's title."""
    path = next((s.title for s in plan.sections if s.number == point.section), "")
    return Passage(
        id=f"{plan.title}#{point.label}",
        document=plan.title,
        label=point.label,
        kind="work_point",
        number=point.number,
        text=point.text,
        path=path,
    )
