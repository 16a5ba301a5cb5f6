"""`when TEXT`: which days a Chinese time expression means."""

import argparse
from datetime import datetime
from typing import Any

from bot.app import Bot, start_moment
from bot.cli.lines import given, print_json
from bot.cli.opening import opened
from bot.language.when import When
from bot.settings import Settings


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("when", help="读一个时间说法，如“八一前三个工作日”")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    parser.add_argument("--base", metavar="MOMENT", help="当作现在的时刻")
    parser.add_argument("text", metavar="TEXT", help="时间说法；写 - 则每行读一个")
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Show the days that each expression means."""
    with opened(configured) as bot:
        told = arguments.base is not None
        base = start_moment(arguments.base, bot.clock, "--base") if told else None
        for text in given(arguments.text):
            found = _when(bot, text, base)
            if arguments.json:
                print_json(_object(found))
            else:
                print(_sentence(found))
    return 0


def _when(bot: Bot, text: str, base: datetime | None) -> When:
    return bot.database.read(lambda session: bot.make_services(session).reading.when(text, base))


def _object(found: When) -> dict[str, object]:
    return {
        "text": found.text,
        "start": found.start.isoformat() if found.start else None,
        "end": found.end.isoformat() if found.end else None,
        "tentative": found.tentative,
        "reason": found.reason,
    }


def _sentence(found: When) -> str:
    if found.start is None or found.end is None:
        return f"“{found.text}”读不出日期：{found.reason}"
    days = str(found.start) if found.start == found.end else f"{found.start} 至 {found.end}"
    return f"“{found.text}”是 {days}{'（暂定）' if found.tentative else ''}"
