"""Reminding those who are silent: 催办 第11条."""

from bot.conversation import Context, Help, Reply, Router, command
from bot.domain.people import REVIEWERS
from bot.texts import reminders as texts

router = Router("reminders")


@router.on(
    command("催办", "催报", "催一下"),
    roles=REVIEWERS,
    help_=Help("催办 第11条", "提醒这一条还没答复的单位"),
)
def chase(ctx: Context) -> Reply:
    """Remind exactly those who have not answered."""
    numbers = ctx.points_in(ctx.rest)
    if not numbers:
        return Reply(texts.name_point())
    return Reply("\n\n".join(_chase(ctx, number) for number in numbers))


def _chase(ctx: Context, number: int) -> str:
    done = ctx.services.reminders.chase(ctx.person, number)
    later = done.at if done.at > ctx.now else None
    return texts.chased(
        texts.Round(number, done.round, done.units, done.unreached, done.people, later)
    )
