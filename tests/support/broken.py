"""A bot with a bug in it, on the database of one that was mended."""

from bot.app import Bot
from bot.conversation import Context, Level, Reply, Router
from bot.conversation.dispatcher import Answer, Dispatcher
from bot.conversation.incoming import from_wecom
from bot.conversation.replay import Replay
from bot.conversation.router import Routes
from bot.wecom import messages
from handlers import ROUTERS


class Always:
    """The filter of a handler that sees every message first."""

    level = Level.ESCAPE

    def __call__(self, ctx: Context) -> bool:
        return bool(ctx.services)


def broken_dispatcher(bot: Bot) -> Dispatcher:
    """Return a dispatcher whose handler books something and then fails, whatever is said."""
    router = Router("broken")

    @router.on(Always())
    def fails(ctx: Context) -> Reply:
        ctx.services.notices.say("bangongshi", "不该发出", key=f"broken:{ctx.text}")
        raise RuntimeError("a bug")

    return Dispatcher(bot.database, Routes([router, *ROUTERS]), bot.make_services, bot.clock)


def fail(bot: Bot, plaintext: bytes) -> Answer:
    """Let the broken bot take a message of WeCom."""
    return broken_dispatcher(bot).handle(from_wecom(messages.parse(plaintext)))


def broken_replay(bot: Bot) -> Replay:
    """Return the replay of a bot that was not mended."""
    return Replay(bot.database, broken_dispatcher(bot), bot.make_services, bot.clock)
