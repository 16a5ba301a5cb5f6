"""`understand TEXT`: how a message is read. Books nothing."""

import argparse
from datetime import date
from typing import Any

from bot.app import Bot
from bot.cli.lines import given, print_json
from bot.cli.opening import opened
from bot.language.reading import Reading, as_json
from bot.settings import Settings


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("understand", help="显示一句话会被怎样理解，不登记")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    parser.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="当作今天的日期")
    parser.add_argument("--user", metavar="USERID", help="发信人的企业微信账号")
    parser.add_argument("text", metavar="TEXT", help="一句话；写 - 则每行读一句")
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Show how each message is read."""
    with opened(configured) as bot:
        for text in given(arguments.text):
            shown = as_json(_read(bot, text, arguments.today))
            if arguments.json:
                print_json(shown)
            else:
                print("\n".join(f"{name}：{value}" for name, value in shown.items()))
    return 0


def _read(bot: Bot, text: str, today: date | None) -> Reading:
    return bot.database.read(lambda session: bot.make_services(session).reading.read(text, today))
