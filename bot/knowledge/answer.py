"""An answer with its sources, and how it is put together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.knowledge.index import Hit
from bot.knowledge.passages import Passage
from bot.knowledge.quoting import MESSAGE_CAP, quote, size
from bot.knowledge.requests import Responsibility
from bot.knowledge.wording import Wording
from bot.texts import question as texts

_ROOM_FOR_FRAME = 320
"""Bytes kept free for lead sentence, title and labels."""


@dataclass(frozen=True)
class Citation:
    """A source. `quote` is an unbroken stretch of the passage (contract.md, `ask`)."""

    document: str
    label: str
    kind: str
    number: int | None
    id: str
    quote: str


@dataclass(frozen=True)
class Answer:
    """What the bot says. A refusal has no citation.

    `responsibility` is set when who is responsible or until when was asked: the caller may know
    from the office's assignments, see Answerer.assigned.
    """

    question: str
    answer: str
    refused: bool
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    responsibility: Responsibility | None = None

    def as_json(self) -> dict[str, object]:
        """Return the object that `ask --json` prints (contract.md section 2)."""
        return {
            "question": self.question,
            "answer": self.answer,
            "refused": self.refused,
            "citations": [asdict(citation) for citation in self.citations],
            "hits": [
                {
                    "id": hit.passage.id,
                    "document": hit.passage.document,
                    "label": hit.passage.label,
                    "score": round(hit.score, 4),
                }
                for hit in self.hits
            ],
        }


def cite(passage: Passage, part: str) -> Citation:
    """Return the source of `part`, an unbroken stretch of `passage`."""
    return Citation(passage.document, passage.label, passage.kind, passage.number, passage.id, part)


def certain(passages: Sequence[Passage]) -> tuple[Hit, ...]:
    """Return hits for passages that were found by rule."""
    return tuple(Hit(passage, 1.0) for passage in passages)


def quoting(
    text: str, passages: Sequence[Passage], asked: Wording | None, hits: tuple[Hit, ...]
) -> Answer:
    """Answer with the words of `passages`, the best first, within one message."""
    room = (MESSAGE_CAP - _ROOM_FOR_FRAME) // len(passages)
    parts = [quote(passage.text, room, asked) for passage in passages]
    named = [(p.document, p.label, part) for p, part in zip(passages, parts, strict=True)]
    said = texts.quoted(*named[0]) if len(named) == 1 else texts.several(named)
    citations = tuple(map(cite, passages, parts))
    return Answer(text, fit(said), refused=False, citations=citations, hits=hits)


def fit(said: str) -> str:
    """Return `said`, cut at a clause if it is longer than one message."""
    return said if size(said) <= MESSAGE_CAP else quote(said, MESSAGE_CAP)
