"""Print how well questions are answered: over the 2021 plan, and over 52,909 statute articles.

The second part needs the texts beside the checkout (../shared) and is left out without them.
Run: .venv/bin/python -m bench.quality
"""

import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge.answers import Answerer
from bot.knowledge.articles import read_jsonl
from bot.knowledge.files import read_text
from bot.knowledge.index import Index
from bot.knowledge.library import Library
from bot.knowledge.plan_document import read_plan
from bot.knowledge.synonyms import Synonyms, load_synonyms
from bot.knowledge.wording import Words, take_apart

ROOT = Path(__file__).parents[1]
STATUTES = ROOT.parent / "shared" / "qa" / "statutes"
TABLES = ROOT / "tests" / "quality"


def main() -> None:
    """Print both parts."""
    synonyms = load_synonyms(ROOT / "data" / "synonyms.csv")
    plan_questions(synonyms)
    if STATUTES.exists():
        statute_questions(synonyms)
    else:
        print("statutes: left out, ../shared/qa/statutes is not beside this checkout")


def plan_questions(synonyms: Synonyms) -> None:
    """Print the share of right points and of refusals, per table."""
    path = ROOT / "data" / "work-points-2021.txt"
    answerer = Answerer(Library([read_plan(read_text(path), path.name)]), synonyms)
    for table in sorted((*TABLES.glob("questions-*.tsv"), *TABLES.glob("heldout-*.tsv"))):
        with table.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        good = sum(_is_right(answerer, row) for row in rows)
        print(f"{table.name:24} {good:4} of {len(rows):4}  {good / len(rows):.1%}")


def _is_right(answerer: Answerer, row: dict[str, str]) -> bool:
    answer = answerer.ask(row["question"])
    if "points" not in row:
        return answer.refused and not answer.citations
    first = answer.citations[0].number if answer.citations else None
    return str(first) in row["points"].split(",")


def statute_questions(synonyms: Synonyms) -> None:
    """Print Hit@1, Hit@10, MRR@10, milliseconds and memory over all statute articles."""
    passages = read_jsonl((STATUTES / "corpus.jsonl").read_text(encoding="utf-8"), "corpus.jsonl")
    before = _memory()
    start = time.perf_counter()
    index = Index(passages)
    built, memory = time.perf_counter() - start, _memory() - before
    print(f"{len(index)} articles: built in {built:.1f} s, index {memory / 1e6:.0f} MB,", end=" ")
    print(f"process {_memory() / 1e6:.0f} MB")
    lines = (STATUTES / "questions-dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    for name, table in (("no synonyms", {}), ("with synonyms", synonyms)):
        _measure(name, index, table, questions)


def _memory() -> int:
    """Return the resident bytes of this process (Linux)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def _measure(
    name: str, index: Index, synonyms: Synonyms, questions: Sequence[dict[str, object]]
) -> None:
    ranks: list[int | None] = []
    times: list[float] = []
    sayings = Words(synonyms)
    for row in questions:
        start = time.perf_counter()
        asked = take_apart(str(row["question"]), synonyms, sayings, index.knows)
        hits = index.search(asked, 10)
        times.append((time.perf_counter() - start) * 1000)
        gold = row["gold"]
        assert isinstance(gold, list), "the data set gives a list of ids"
        places = (i for i, hit in enumerate(hits, 1) if hit.passage.id in gold)
        ranks.append(next(places, None))
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    found = sum(rank is not None for rank in ranks) / len(ranks)
    mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
    times.sort()
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{name:14} Hit@1 {first:.3f}  Hit@10 {found:.3f}  MRR@10 {mrr:.3f}", end="  ")
    print(f"p50 {p50:.1f} ms  p99 {p99:.1f} ms")


if __name__ == "__main__":
    main()
