"""The bot's command line, as the demo uses it."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class BotFailed(Exception):
    """The bot does not run; the message is one Chinese sentence."""


class BotProgram:
    """`python -m bot` with one configuration; what it writes about itself goes to `log`."""

    def __init__(self, config: Path, log: Path) -> None:
        self._config = config
        self._log = log

    def command(self, *arguments: str) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "bot", "--config", str(self._config), *arguments]

    def run(self, *arguments: str) -> None:
        """Run a command to its end; BotFailed with the bot's own sentence when it cannot."""
        done = subprocess.run(  # noqa: S603 - our own command
            self.command(*arguments),
            cwd=PROJECT,
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode == 0:
            return
        with self._log.open("ab") as log:
            log.write(done.stderr)
        reason = last_sentence(done.stderr) or f"原因见日志 {self._log}。"
        raise BotFailed(f"机器人的 {' '.join(arguments[:2])} 没有成功：{reason}")


def last_sentence(output: bytes) -> str:
    """Return the last line that is meant for a person: log lines and tracebacks are English."""
    lines = output.decode(errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if _CHINESE.search(line)), "")


def own_environment() -> dict[str, str]:
    """Return the environment without BOT_… settings, which would override the demo's file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return kept | {"PYTHONUTF8": "1"}
