"""`make bench` works: a smoke run on real processes, in which every answer is checked."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import document
from bench.guests import PEERS

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_quick_run_prints_every_row_and_writes_nothing() -> None:
    before = document.FILE.read_bytes()
    run = bench("--quick", "callbacks")
    assert run.returncode == 0, run.stderr
    for row in ("wechatpy's echo", *(peer.title for peer in PEERS)):
        assert f"| {row} |" in run.stdout
    for message in ("question", "report", "redelivery of the report"):
        assert f"| the bot, SQLite | {message}" in run.stdout
    assert "| sqlalchemy |" in run.stdout
    assert document.FILE.read_bytes() == before


def test_a_section_that_there_is_not_is_wrong_usage() -> None:
    run = bench("nonsense")
    assert run.returncode == 2
    assert "no such section: nonsense; there are callbacks" in run.stderr


def test_a_section_has_its_place_on_the_page() -> None:
    document.check_marks("callbacks")
    with pytest.raises(LookupError, match="nonsense"):
        document.check_marks("nonsense")
