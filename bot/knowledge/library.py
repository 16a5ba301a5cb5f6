"""All documents that answers may come from, and the ways to look things up in them."""

from collections.abc import Sequence

from bot.domain.work_points import WorkPlan
from bot.knowledge.articles import Policy
from bot.knowledge.in_force import in_force
from bot.knowledge.law_names import LawNames
from bot.knowledge.passages import Passage, of_plan


class Library:
    """The office's documents. Of several versions of a policy only the one in force is kept.

    `others` are passages without a document of their own kind: lines of a .jsonl, FAQ entries.
    """

    def __init__(
        self,
        plans: Sequence[WorkPlan] = (),
        policies: Sequence[Policy] = (),
        others: Sequence[Passage] = (),
    ) -> None:
        self.plans = tuple(sorted(plans, key=lambda plan: plan.issued_on, reverse=True))
        self.passages: tuple[Passage, ...] = (
            *(passage for plan in self.plans for passage in of_plan(plan)),
            *(passage for policy in in_force(policies) for passage in policy.passages),
            *others,
        )
        self._articles = {
            (passage.document, passage.number): passage
            for passage in reversed(self.passages)
            if passage.number is not None
        }
        self.laws = LawNames(
            {passage.document for passage in self.passages if passage.kind == "article"}
        )

    @property
    def plan(self) -> WorkPlan | None:
        """The work plan that questions mean when they name no year: the newest."""
        return self.plans[0] if self.plans else None

    def plan_of(self, year: int) -> WorkPlan | None:
        """Return the work plan of that year, or None."""
        return next((plan for plan in self.plans if plan.year == year), None)

    def article(self, document: str, number: int) -> Passage | None:
        """Return the numbered article or point of a document, or None."""
        return self._articles.get((document, number))

    @property
    def documents(self) -> tuple[str, ...]:
        """The titles of all documents, plans first."""
        return tuple(dict.fromkeys(passage.document for passage in self.passages))
