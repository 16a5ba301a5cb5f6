"""Words about the conversation itself: 取消, 帮助, a greeting, and whatever nobody understood."""

from bot.conversation import Context, Help, Level, Reply, Router, anything, intent
from bot.conversation.filters import only
from bot.texts import conversation as texts
from bot.texts import progress as progress_texts

router = Router("conversation")
rest = Router("rest")


@router.on(only("取消", "退出", "算了", "不填了", level=Level.ESCAPE))
def cancel(ctx: Context) -> Reply:
    """Leave a guided dialogue."""
    return Reply(progress_texts.cancelled() if ctx.state else texts.nothing_to_cancel()).end()


@router.on(
    only("帮助", "help", "Help", "HELP", "?", "菜单", "使用说明"),
    help_=Help("帮助", "看看我能做什么"),
)
def help_(ctx: Context) -> Reply:
    """Say what this person can do, from what the handlers declare."""
    return Reply(texts.help_(ctx.person, [(line.words, line.does) for line in ctx.help_lines]))


@router.on(intent("greeting"))
def greet(ctx: Context) -> Reply:
    """Answer a greeting."""
    return Reply(texts.greeting(ctx.person.name))


@rest.on(anything())
def not_understood(ctx: Context) -> Reply:
    """Say so, and what would be understood."""
    return Reply(texts.not_understood())
