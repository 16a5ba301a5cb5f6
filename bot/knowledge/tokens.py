"""Text → the tokens that are indexed: characters and pairs of characters."""

import re
import unicodedata
from functools import lru_cache

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return `text` in one width and case; only 汉字, letters and digits remain."""
    return "".join(_RUNS.findall(unicodedata.normalize("NFKC", text).lower()))


def grams(text: str) -> list[str]:
    """Return the tokens of plain `text`: each 汉字, each pair of neighbours, each word or number.

    Unigrams and bigrams together beat dictionary words on the lay questions we measured.
    """
    found: list[str] = []
    for run in _RUNS.findall(text):
        found.extend([run] if run.isascii() else run)
        if not run.isascii():
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


@lru_cache(maxsize=4096)
def pairs(text: str) -> tuple[str, ...]:
    """Return the tokens of plain `text` that mean something alone: pairs, words, numbers."""
    found = tuple(token for token in grams(text) if len(token) > 1 or token.isascii())
    return found or tuple(text)


def longest_common(a: str, b: str, most: int | None = None) -> int:
    """Return the length of the longest string that stands in both; quick for short `a`.

    Beyond `most` it may be longer than is said.
    """
    best, start = 0, 0
    for end in range(1, len(a) + 1):
        # only a stretch longer than the best so far is of interest
        if a[start:end] in b:
            best = max(best, end - start)
            if best == most:
                break
        else:
            start = end - best
            while start < end and a[start:end] not in b:
                start += 1
    return best
