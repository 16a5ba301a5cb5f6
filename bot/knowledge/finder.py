"""Free questions → passages, each with how sure it is that it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.evidence import confidence, weigh
from bot.knowledge.index import Hit, Index
from bot.knowledge.passages import Passage
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.wording import Wording, take_apart

SURE = 0.5
"""Confidence from which a passage answers; below it the question is refused."""
NEAR_MISS = 0.3
"""Confidence from which a passage is offered: 您可能想问."""
_EQUAL, _CLOSE = 0.9, 0.75
"""Share of the first passage's score from which a second counts as equal, or is mentioned."""


@dataclass(frozen=True)
class Found:
    """A passage from the search; `lacks` is a subject that the question names and it lacks."""

    hit: Hit
    confidence: float
    lacks: str = ""

    @property
    def passage(self) -> Passage:
        """The passage found."""
        return self.hit.passage

    def equals(self, first: "Found") -> bool:
        """Whether this passage answers as clearly as the first."""
        return (
            self.hit.score >= _EQUAL * first.hit.score
            and self.confidence >= max(SURE, first.confidence - 0.05)
            and self.passage.kind == first.passage.kind
        )

    def near(self, first: "Found") -> bool:
        """Whether the question may mean this passage instead of the first."""
        return self.hit.score >= _CLOSE * first.hit.score and self.confidence >= SURE


class Finder:
    """Searches all passages; of several work plans only one is in play for a question."""

    def __init__(
        self, passages: Sequence[Passage], plans: Sequence[str], synonyms: Synonyms
    ) -> None:
        self._index = Index(passages)
        self._plans = frozenset(plans)
        self._synonyms = synonyms

    def find(self, question: str, top: int, plan: str) -> list[Found]:
        """Return up to `top` passages, best first, leaving out plans other than `plan`."""
        asked = self.wording(question)
        # Points of other years crowd the hits: for each of those plans fetch as many again.
        hits = self._index.search(asked, top * max(1, len(self._plans)))
        others = self._plans - {plan}
        return [self._weighed(asked, hit) for hit in hits if hit.passage.document not in others][
            :top
        ]

    def wording(self, question: str) -> Wording:
        """Take a question apart in the light of what the passages know."""
        return take_apart(question, self._synonyms, self._index.knows)

    def _weighed(self, asked: Wording, hit: Hit) -> Found:
        evidence = weigh(asked, hit.passage, self._index)
        return Found(hit, confidence(evidence), evidence.lacks)
