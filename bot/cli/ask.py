"""`ask QUESTION`: the answer with its sources."""

import argparse
from typing import Any

from bot.app import Bot
from bot.cli.lines import given, print_json
from bot.cli.opening import opened
from bot.knowledge.answer import Answer
from bot.settings import Settings


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("ask", help="提问并显示答案和出处")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    parser.add_argument("--top", type=_count, default=5, metavar="N", help="最多列出几处相关原文")
    parser.add_argument("question", metavar="QUESTION", help="问题；写 - 则每行读一个问题")
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Answer each question."""
    with opened(configured) as bot:
        for question in given(arguments.question):
            answer = _ask(bot, question, arguments.top)
            if arguments.json:
                print_json(answer.as_json())
            else:
                print(answer.answer)
    return 0


def _ask(bot: Bot, question: str, top: int) -> Answer:
    return bot.database.read(lambda session: bot.make_services(session).question.ask(question, top))


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
