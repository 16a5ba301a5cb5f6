"""`import`: documents, roster, assignments and holiday notices; the same file twice is harmless."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.app import Bot
from bot.cli.opening import opened
from bot.errors import InputError
from bot.knowledge.articles import read_jsonl, read_policy
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.services import Services, assignments_file, roster_file
from bot.services.calendar import read_notice_file
from bot.services.tables import read_table
from bot.settings import Settings
from bot.texts import imports as texts

ACTOR = "cli"
T = TypeVar("T")


def register(commands: Any) -> None:
    """Add this command and the kinds of things it imports."""
    parser = commands.add_parser("import", help="导入工作要点、名单、责任分工、政策文件、放假通知")
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    for name, (run, help_) in _KINDS.items():
        kind = kinds.add_parser(name, help=help_)
        kind.add_argument("files", metavar="FILE", type=Path, nargs="+" if name == "policy" else 1)
        kind.set_defaults(run=run)


def plan(configured: Settings, arguments: argparse.Namespace) -> int:
    """Import a 工作要点 document."""
    file: Path = arguments.files[0]
    document = read_plan(read_text(file), file.name)
    with opened(configured) as bot:
        done = _services(bot, lambda services: services.work_points.import_plan(document, ACTOR))
    print(texts.plan(done.plan, done.version, done.changed, new=done.new))
    return 0


def roster(configured: Settings, arguments: argparse.Namespace) -> int:
    """Import units and people."""
    table = read_table(arguments.files[0], roster_file.COLUMNS)
    with opened(configured) as bot:
        done = _services(bot, lambda services: services.people.import_roster(table, ACTOR))
    print(texts.roster(done.units, done.people, done.changed))
    return 0


def assignments(configured: Settings, arguments: argparse.Namespace) -> int:
    """Import the responsibility split."""
    table = read_table(arguments.files[0], assignments_file.COLUMNS)
    with opened(configured) as bot:
        done = _services(bot, lambda services: services.assignments.import_table(table, ACTOR))
    print(texts.assignments(done.rows, done.parts, done.changed))
    return 0


def policy(configured: Settings, arguments: argparse.Namespace) -> int:
    """Import policy documents. The good ones come in even if others cannot be read."""
    problems: list[str] = []
    with opened(configured) as bot:
        for file in arguments.files:
            try:
                print(_policy(bot, file))
            except InputError as error:
                problems.append(str(error))
    if problems:
        raise InputError(texts.policies_failed(len(problems)), tuple(problems))
    return 0


def _policy(bot: Bot, file: Path) -> str:
    text = read_text(file)
    if file.suffix.lower() == ".jsonl":
        lines = read_jsonl(text, file.name)
        done = _services(
            bot, lambda services: services.documents.import_lines(lines, file.name, ACTOR)
        )
    else:
        document = read_policy(text, file.name)
        done = _services(
            bot, lambda services: services.documents.import_policy(document, file.name, ACTOR)
        )
    return texts.policy(done.title, done.passages, changed=done.changed)


def calendar(configured: Settings, arguments: argparse.Namespace) -> int:
    """Import an official 放假调休 notice."""
    facts = read_notice_file(arguments.files[0])
    with opened(configured) as bot:
        years = _services(bot, lambda services: services.calendar.import_days(facts, ACTOR))
    print(texts.calendar(years))
    return 0


def _services(bot: Bot, use: Callable[[Services], T]) -> T:
    return bot.database.run(lambda session: use(bot.make_services(session)))


_KINDS = {
    "plan": (plan, "工作要点文件（.txt .docx .pdf）"),
    "roster": (roster, "单位和人员名单（.csv .xlsx）"),
    "assignments": (assignments, "责任分工（.csv .xlsx）"),
    "policy": (policy, "政策文件（.txt .md .docx .pdf .jsonl）"),
    "calendar": (calendar, "国务院办公厅放假调休通知（文本或 .csv）"),
}
