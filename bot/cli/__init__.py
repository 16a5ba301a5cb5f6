"""The command line: one small module a command. Exit 0 done, 1 impossible, 2 wrong usage."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import faultpoints, log, settings
from bot.cli import (
    ask,
    backup,
    calendar,
    copy_to,
    doctor,
    import_,
    inbox,
    init,
    restore,
    say,
    serve,
    understand,
    when,
)
from bot.errors import BotError
from bot.settings import Settings

Command = Callable[[Settings, argparse.Namespace], int]
COMMANDS = (
    init,
    import_,
    serve,
    say,
    inbox,
    ask,
    understand,
    when,
    calendar,
    doctor,
    backup,
    restore,
    copy_to,
)


def main(arguments: Sequence[str]) -> int:
    """Run one command; what is wrong is said in one Chinese sentence on stderr."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        configured = settings.load(chosen.config)
        log.configure(configured.log.level)
        _arm(configured)
        command: Command = chosen.run
        return command(configured, chosen)
    except BotError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _arm(configured: Settings) -> None:
    setting = os.environ.get(faultpoints.VARIABLE, "")
    if setting:
        faultpoints.arm(setting, configured.wecom.api_base_url)
        logging.getLogger(__name__).warning("this process is to die at %s: a test", setting)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="双拥通：双拥办的企业微信机器人"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="配置文件，默认 $BOT_CONFIG 或 config.toml"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.register(commands)
    return parser
