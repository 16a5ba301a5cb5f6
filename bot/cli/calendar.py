"""`calendar --year Y`: every holiday reminder of a year with the moment it will be sent."""

import argparse
from typing import Any

from bot.app import Bot
from bot.cli.lines import print_json
from bot.cli.opening import opened
from bot.domain.reminders import Occurrence
from bot.errors import InputError
from bot.settings import Settings

FIRST, LAST = 1901, 2100


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("calendar", help="列出某年全部节日提醒及发送时间")
    parser.add_argument("--year", type=int, required=True, metavar="Y", help="节日所在的年份")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """List the reminders in the order they are sent."""
    if not FIRST <= arguments.year <= LAST:
        raise InputError(f"年份应在 {FIRST} 到 {LAST} 之间。")
    with opened(configured) as bot:
        for stage in _stages(bot, arguments.year):
            if arguments.json:
                print_json(_object(stage))
            else:
                print(_line(stage))
    return 0


def _stages(bot: Bot, year: int) -> list[Occurrence]:
    campaigns = bot.database.read(
        lambda session: bot.make_services(session).campaigns.of_year(year)
    )
    stages = [stage for campaign in campaigns for stage in campaign.stages]
    return sorted(stages, key=lambda stage: stage.at)


def _object(stage: Occurrence) -> dict[str, object]:
    return {
        "holiday": stage.holiday,
        "date": stage.holiday_date.isoformat(),
        "stage": stage.stage,
        "at": stage.at.isoformat(),
        "audience": str(stage.audience),
        "tentative": stage.tentative,
    }


def _line(stage: Occurrence) -> str:
    note = "（暂定）" if stage.tentative else ""
    return (
        f"{stage.at:%Y-%m-%d %H:%M}  {stage.holiday}（{stage.holiday_date}）"
        f"{stage.stage}  发给{stage.audience}{note}"
    )
