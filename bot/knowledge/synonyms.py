"""The words people say for the words of the documents (data/synonyms.csv)."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from bot.errors import InputError
from bot.knowledge.files import read_text
from bot.texts import question as texts

Synonyms = Mapping[str, tuple[str, ...]]
"""What people say → what documents say for it, best first."""


def load_synonyms(path: Path) -> Synonyms:
    """Read rows of `word,other words…`. Raises InputError with the numbers of bad rows."""
    table: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for number, row in enumerate(csv.reader(io.StringIO(read_text(path))), start=1):
        words = tuple(word.strip() for word in row if word.strip())
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 2 or words[0] in table:
            problems.append(texts.synonym_row_wrong(number))
        else:
            table[words[0]] = words[1:]
    if problems:
        raise InputError(texts.synonyms_wrong(path.name), tuple(problems))
    return table
