"""Where things stand: 汇总, 第11条 汇总."""

from bot.conversation import Context, Help, Reply, Router, command
from bot.domain.people import OVERSEERS
from bot.texts import condition as texts

router = Router("summary")


@router.on(
    command("汇总", "进度汇总"),
    roles=OVERSEERS,
    help_=Help("汇总 / 第11条 汇总", "总体进度 / 某一条的各单位进度"),
)
def summary(ctx: Context) -> Reply:
    """Show all points, or one point by unit."""
    numbers = ctx.points_in(ctx.rest)
    if not numbers:
        warning = ctx.services.condition.warning()
        return Reply(texts.with_warning(ctx.services.summary.overall(), warning))
    return Reply("\n\n".join(ctx.services.summary.of_point(number) for number in numbers))
