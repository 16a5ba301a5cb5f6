"""`doctor`: checks configuration, database, clock and credentials; each finding says what to do."""

import argparse
from typing import Any

from bot.app import Bot
from bot.services.checkup import Finding, Level
from bot.settings import Settings

MARKS = {Level.GOOD: "正常", Level.NOTE: "提示", Level.BAD: "问题"}


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("doctor", help="检查配置、数据库、时钟和企业微信凭据")
    parser.set_defaults(run=run)


def run(configured: Settings, _arguments: argparse.Namespace) -> int:
    """Print every finding; 1 if one of them keeps the bot from working."""
    bot = Bot(configured)
    try:
        findings = bot.checkup()
    finally:
        bot.close()
    for finding in findings:
        print(_line(finding))
    bad = sum(finding.level is Level.BAD for finding in findings)
    print(f"共检查 {len(findings)} 项，{bad} 项有问题。" if bad else "检查完毕，没有发现问题。")
    return 1 if bad else 0


def _line(finding: Finding) -> str:
    todo = f" → {finding.todo}" if finding.todo else ""
    return f"[{MARKS[finding.level]}] {finding.id} {finding.reason}{todo}"
