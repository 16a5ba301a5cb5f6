"""`say USERID [TEXT]`: talks to the bot in the terminal, on the same path as a callback."""

import argparse
import uuid
from dataclasses import replace
from typing import Any

from bot.app import Bot
from bot.cli.lines import given, typed
from bot.cli.opening import opened
from bot.conversation.incoming import from_wecom
from bot.errors import InputError
from bot.settings import Settings
from bot.wecom import messages
from bot.wecom.markup import write
from bot.wecom.rejection import CallbackRejected


def register(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("say", help="在终端里以某人的身份和机器人对话")
    parser.add_argument("userid", metavar="USERID", help="企业微信账号")
    parser.add_argument("text", metavar="TEXT", nargs="?", help="不写则逐行输入，Ctrl-D 结束")
    parser.set_defaults(run=run)


def run(configured: Settings, arguments: argparse.Namespace) -> int:
    """Print the answer to each line."""
    if not arguments.userid.strip():
        raise InputError("请写明是谁在说话：企业微信账号不能为空。")
    with opened(configured) as bot:
        lines = typed() if arguments.text is None else given(arguments.text)
        for line in lines:
            print(say(bot, arguments.userid, line))
    return 0


def say(bot: Bot, userid: str, text: str) -> str:
    """Return the answer to one message, written, parsed and dispatched like WeCom's."""
    xml = write(
        "xml",
        {
            "ToUserName": bot.settings.wecom.corp_id or "terminal",
            "FromUserName": userid,
            "CreateTime": int(bot.clock.now().timestamp()),
            "MsgType": "text",
            "Content": text,
            "MsgId": f"say-{uuid.uuid4().hex}",
            "AgentID": bot.settings.wecom.agent_id,
        },
    )
    try:
        message = messages.parse(xml.encode())
    except (CallbackRejected, UnicodeEncodeError):
        raise InputError("这段文字含有无法识别的字符，请检查后重试。") from None
    return bot.dispatcher.handle(replace(from_wecom(message), limited=False)).text
