"""The command line: as real processes, or through the same entry in this process.

A process takes more than a second to start, so what only differs in its arguments stays here.
"""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import cli

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def objects(self) -> list[dict[str, Any]]:
        """Return the JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def sentence(self) -> str:
        """Return the one sentence of a refusal; never a traceback."""
        assert self.code == 1, self
        assert "Traceback" not in self.err
        assert self.out == ""
        return self.err.strip()


@dataclass(frozen=True)
class Shell:
    """Runs `python -m bot` with one configuration."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def __call__(self, *arguments: str | Path, stdin: str = "", **environment: str) -> Done:
        """Run a command to its end in a process of its own."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("BOT_")}
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "--config", str(self.config), *map(str, arguments)],
            cwd=ROOT,
            env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(ended.returncode, ended.stdout, ended.stderr)

    def here(self, *arguments: str | Path) -> Done:
        """Run a command to its end in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cli.main(["--config", str(self.config), *map(str, arguments)])
            except SystemExit as ended:  # argparse ends the program where it is used wrongly
                code = int(ended.code or 0)
        return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """The command line sets up logging for its process; this one goes on afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def shell_in(folder: Path) -> Shell:
    """Return a shell with an empty office in `folder`."""
    folder.mkdir(exist_ok=True)
    shell = Shell(folder)
    shell.config.write_text(
        f'[database]\nurl = "sqlite:///{folder}/bot.db"\n[log]\nlevel = "ERROR"\n', encoding="utf-8"
    )
    return shell


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """An office with plan, roster and assignments; tests must not change it."""
    shell = shell_in(tmp_path_factory.mktemp("cli"))
    for command in (
        ["init"],
        ["import", "plan", DATA / "work-points-2021.txt"],
        ["import", "roster", DATA / "roster-sample.csv"],
        ["import", "assignments", DATA / "assignments-sample.csv"],
    ):
        done = shell.here(*command)
        assert done.code == 0, done
    return shell


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    """An office without a database."""
    return shell_in(tmp_path)
