"""How the bot is: 运行情况."""

from bot.conversation import Context, Help, Reply, Router
from bot.conversation.filters import only
from bot.domain.people import REVIEWERS

router = Router("condition")


@router.on(
    only("运行情况", "运行状态", "系统情况"),
    roles=REVIEWERS,
    help_=Help("运行情况", "消息能否发出、谁没有收到、自查结果"),
)
def condition(ctx: Context) -> Reply:
    """Say whether all is well, and what is not."""
    return Reply(ctx.services.condition.shown())
