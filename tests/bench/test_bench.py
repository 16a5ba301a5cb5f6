"""`make bench` works: a smoke run on real processes, in which every answer is checked."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import document

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_quick_run_prints_every_row_and_writes_nothing() -> None:
    before = document.FILE.read_bytes()
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for row in ("wechatpy's echo", "question", "report", "redelivery", "sqlalchemy"):
        assert f"| {row}" in run.stdout
    assert document.FILE.read_bytes() == before
