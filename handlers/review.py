"""Decisions of the office: 销号 第11条 临县, 退回 第11条 临县 缺照片."""

from bot.conversation import Context, Help, Reply, Router, command
from bot.domain.people import REVIEWERS, Unit
from bot.errors import Refusal
from bot.texts import review as texts

router = Router("review")


@router.on(
    command("销号", "办结"),
    roles=REVIEWERS,
    help_=Help("销号 第11条 临县", "审核通过，这家单位的这一条办结"),
)
def close(ctx: Context) -> Reply:
    """Close out what a unit reported as done."""
    number, unit, _ = _point_and_unit(ctx, "销号")
    return Reply(ctx.services.review.close(ctx.person, number, unit))


@router.on(
    command("退回"),
    roles=REVIEWERS,
    help_=Help("退回 第11条 临县 缺照片", "退回填报并说明原因"),
)
def give_back(ctx: Context) -> Reply:
    """Return a report with the reason."""
    number, unit, reason = _point_and_unit(ctx, "退回")
    return Reply(ctx.services.review.give_back(ctx.person, number, unit, reason))


def _point_and_unit(ctx: Context, word: str) -> tuple[int, Unit, str]:
    numbers = ctx.points_in(ctx.rest)
    if len(numbers) != 1:
        raise Refusal(texts.name_point_and_unit(word))
    unit, after = ctx.services.review.unit_in(ctx.rest)
    return numbers[0], unit, after
