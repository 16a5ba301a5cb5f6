"""`inbox list` and `inbox replay [ID…]`: what a bug kept from being handled, after the fix."""

import argparse
import sys
from typing import Any

from bot.cli.opening import opened
from bot.conversation.replay import Failed, Outcome
from bot.errors import InputError
from bot.settings import Settings
from bot.texts import inbox as texts

NOTHING = "没有等待补办的消息。"
OUTCOMES = {
    Outcome.HANDLED: "已补办，答复已交发送",
    Outcome.SUPERSEDED: "本人后来重发的已经办理，不再重复",
    Outcome.TAKEN: "已由另一个补办程序处理",
    Outcome.FAILED: "仍然出错",
}


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("inbox", help="查看、补办因程序出错没能处理的消息")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="列出没能处理的消息")
    listing.set_defaults(run=list_)
    replaying = actions.add_parser("replay", help="程序修好后补办，不写编号则全部补办")
    replaying.add_argument("ids", metavar="ID", nargs="*", type=int, help="inbox list 里的编号")
    replaying.set_defaults(run=replay)


def list_(configured: Settings, _arguments: argparse.Namespace) -> int:
    """Print what waits, the oldest first."""
    with opened(configured) as bot:
        failed = bot.replay().failed()
    for one in failed:
        print(_line(one))
    print(f"共 {len(failed)} 条等待补办。" if failed else NOTHING)
    return 0


def replay(configured: Settings, arguments: argparse.Namespace) -> int:
    """Handle all or the given ones again, in the order they arrived; 1 if one fails again."""
    still: list[int] = []
    with opened(configured) as bot:
        replay = bot.replay()
        chosen = _chosen(replay.failed(), arguments.ids)
        for one in chosen:
            outcome = replay.replay(one.id)
            print(f"{_line(one)}：{OUTCOMES[outcome]}", flush=True)
            if outcome is Outcome.FAILED:
                still.append(one.id)
    if not chosen:
        print(NOTHING)
    if still:
        numbers = "、".join(map(str, still))
        print(
            f"还有 {len(still)} 条没能处理（{numbers}），原文仍在。请按编号查日志，修好后再补办。",
            file=sys.stderr,
        )
    return 1 if still else 0


def _chosen(failed: list[Failed], ids: list[int]) -> list[Failed]:
    unknown = sorted(set(ids) - {one.id for one in failed})
    if unknown:
        numbers = "、".join(map(str, unknown))
        raise InputError(f"没有编号为 {numbers} 的待补办消息，请先用 inbox list 查看。")
    return [one for one in failed if one.id in ids] if ids else failed


def _line(one: Failed) -> str:
    words = texts.shortened(one.words) or "（不是文字）"
    when = texts.moment(one.received_at)
    return f"{one.id}  {when}  {one.who}  编号 {one.reference}  {words}"
