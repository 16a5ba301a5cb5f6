"""The work plan of 2021 as the product ships it."""

from pathlib import Path

from bot.domain.work_points import WorkPlan
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan

DATA = Path(__file__).parents[2] / "data"
PLAN_FILE = DATA / "work-points-2021.txt"
SYNONYMS_FILE = DATA / "synonyms.csv"


def plan_text() -> str:
    """Return the text of the document."""
    return read_text(PLAN_FILE)


def plan_2021() -> WorkPlan:
    """Return the plan as it is imported."""
    return read_plan(plan_text(), PLAN_FILE.name)
