"""The benchmarks of the outbox work, and nothing they send is lost or comes twice."""

from pathlib import Path

import pytest

from bench import drain, fanout
from bench.pace import QUICK


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    found = drain.ours("sqlite", tmp_path, people=600)
    assert (found.lost, found.killed.twice, found.calls) == (0, 0, 1)


@pytest.mark.slow
def test_2000_people_are_told_in_two_calls() -> None:
    table = fanout.section(QUICK)
    assert "| our outbox, SQLite, FULL | 2 |" in table
    assert "one call each, 1 connection" in table
