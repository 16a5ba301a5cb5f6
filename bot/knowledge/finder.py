"""Free questions → passages, each with how sure it is that it answers."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from bot.knowledge.evidence import Evidence, confidence, weigh
from bot.knowledge.index import Hit, Index
from bot.knowledge.passages import Passage
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.wording import Wording, Words, take_apart

SURE = 0.5
"""Confidence from which a passage answers; below it the question is refused."""
NEAR_MISS = 0.3
"""Confidence from which a passage is offered: 您可能想问."""
_EQUAL, _CLOSE = 0.9, 0.75
"""Share of the first passage's score from which a second counts as equal, or is mentioned."""


class Found:
    """A passage from the search. It is weighed when that is asked for: most hits never are."""

    def __init__(self, asked: Wording, hit: Hit, index: Index) -> None:
        self.hit = hit
        self._asked = asked
        self._index = index

    @property
    def passage(self) -> Passage:
        """The passage found."""
        return self.hit.passage

    @cached_property
    def confidence(self) -> float:
        """How sure it is, from 0 to 1, that the passage answers."""
        return confidence(self._evidence)

    @property
    def lacks(self) -> str:
        """A subject that the question names and the passage lacks, or ""."""
        return self._evidence.lacks

    @cached_property
    def _evidence(self) -> Evidence:
        return weigh(self._asked, self.passage, self._index)

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
        self._sayings = Words(synonyms)
        # one answer asks for it up to three times
        self.wording = lru_cache(maxsize=64)(self._wording)

    def find(self, question: str, top: int, plan: str) -> list[Found]:
        """Return up to `top` passages, best first, leaving out plans other than `plan`."""
        asked = self.wording(question)
        # Points of other years crowd the hits: for each of those plans fetch as many again.
        hits = self._index.search(asked, top * max(1, len(self._plans)))
        others = self._plans - {plan}
        kept = [hit for hit in hits if hit.passage.document not in others]
        return [Found(asked, hit, self._index) for hit in kept[:top]]

    def _wording(self, question: str) -> Wording:
        """Take a question apart in the light of what the passages know."""
        return take_apart(question, self._synonyms, self._sayings, self._index.knows)
