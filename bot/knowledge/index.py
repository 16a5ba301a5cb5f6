"""Lexical search (BM25) over passages, in memory: 50,000 articles in well under 150 MB."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from bot.knowledge.passages import Passage
from bot.knowledge.tokens import grams, plain
from bot.knowledge.wording import Unit, Wording

_WRITER_HEAP = 30_000_000
_SYNONYM_BOOST = 0.9


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; `score` compares hits of one question only."""

    passage: Passage
    score: float


class Index:
    """An immutable index: when the documents change, build another one and swap it in."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = tuple(passages)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("at", stored=True)
        self._schema = builder.build()
        self._searcher = self._fill().searcher()
        # one answer asks for the same few tokens again and again
        self._count = lru_cache(maxsize=16_384)(self._counted)
        self.rarity = lru_cache(maxsize=16_384)(self._rarity)
        self._any = lru_cache(maxsize=4096)(self._any_of)
        self._at = lru_cache(maxsize=65_536)(self._stored_at)

    def __len__(self) -> int:
        return len(self._passages)

    def search(self, question: Wording, top: int) -> list[Hit]:
        """Return up to `top` passages, best first. The title counts as part of each passage."""
        clauses = [(tantivy.Occur.Should, self._unit(unit)) for unit in question.units]
        if not clauses or not self._passages:
            return []
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), top, count=False)
        return [
            Hit(self._at(address.segment_ord, address.doc), float(score))
            for score, address in found.hits
        ]

    def _rarity(self, token: str) -> float:
        """Return the idf of a token: 0 for one in every passage, highest for an unknown one."""
        known = self._count(token)
        return math.log(1 + (len(self) - known + 0.5) / (known + 0.5))

    def knows(self, token: str) -> bool:
        """Whether any passage holds `token`."""
        return self._count(token) > 0

    def _counted(self, token: str) -> int:
        return int(self._searcher.doc_freq("text", token))

    def _fill(self) -> tantivy.Index:
        index = tantivy.Index(self._schema)
        blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", blank)
        writer = index.writer(_WRITER_HEAP, num_threads=1)
        for at, passage in enumerate(self._passages):
            text = " ".join(grams(plain(passage.document)) + grams(plain(passage.text)))
            writer.add_document(tantivy.Document(text=text, at=at))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index

    def _stored_at(self, segment: int, doc: int) -> Passage:
        at: int = self._searcher.doc(tantivy.DocAddress(segment, doc))["at"][0]
        return self._passages[at]

    def _unit(self, unit: Unit) -> tantivy.Query:
        own = self._any(unit.text)
        if not unit.others:
            return own
        others = [
            tantivy.Query.boost_query(self._any(other), _SYNONYM_BOOST * _evened(unit.text, other))
            for other in unit.others
        ]
        return tantivy.Query.disjunction_max_query([own, *others])

    def _any_of(self, text: str) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(token)) for token in grams(text)]
        )

    def _term(self, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "text", token, index_option="freq")


def _evened(said: str, written: str) -> float:
    """A long phrase must not outweigh the rest because it has more pairs than the word said."""
    return min(1.0, (len(said) + 1) / len(written))
