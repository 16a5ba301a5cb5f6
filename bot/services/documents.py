"""Policy documents: how they come in."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.knowledge.articles import Policy
from bot.knowledge.passages import Passage
from bot.services.base import Service
from bot.storage import audit, documents
from bot.storage.documents import DocumentRow


@dataclass(frozen=True)
class DocumentImported:
    """What an import did."""

    title: str
    passages: int
    changed: bool


class Documents(Service):
    """The office's policy documents."""

    def import_policy(self, policy: Policy, source: str, actor: str) -> DocumentImported:
        """Take over one document; the same content changes nothing."""
        return self._import(policy.title, policy.dated, policy.passages, source, actor)

    def import_lines(
        self, passages: tuple[Passage, ...], source: str, actor: str
    ) -> DocumentImported:
        """Take over a .jsonl file of articles; its name is its identity."""
        return self._import(source, None, passages, source, actor)

    def _import(
        self,
        title: str,
        dated: date | None,
        passages: tuple[Passage, ...],
        source: str,
        actor: str,
    ) -> DocumentImported:
        digest = _digest(passages)
        row = documents.find(self.session, title, str(dated or ""))
        if row is not None and row.digest == digest:
            return DocumentImported(title, len(passages), changed=False)
        if row is None:
            row = DocumentRow(title=title, version=str(dated or ""), dated=dated)
        row.digest, row.source, row.imported_at = digest, source, self.now
        document_id = documents.add(self.session, row)
        documents.replace_passages(self.session, document_id, [_columns(one) for one in passages])
        self.all.imported()
        audit.add(
            self.session,
            at=self.now,
            actor=actor,
            action="policy.import",
            subject=f"document:{document_id}",
            detail={"title": title, "passages": len(passages)},
        )
        return DocumentImported(title, len(passages), changed=True)


def _columns(passage: Passage) -> dict[str, Any]:
    columns = asdict(passage)
    columns["key"] = columns.pop("id")
    return columns


def _digest(passages: tuple[Passage, ...]) -> str:
    digest = hashlib.sha256()
    for passage in passages:
        digest.update(repr(passage).encode())
    return digest.hexdigest()
