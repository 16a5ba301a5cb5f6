"""What a unit has to do: 我的任务."""

from bot.conversation import Context, Help, Reply, Router
from bot.conversation.filters import only
from bot.domain.people import ROSTER
from bot.texts import assignments as texts
from bot.texts.progress import LIGHTS

router = Router("assignments")


@router.on(
    only("我的任务", "待办", "我的待办", "任务"),
    roles=ROSTER,
    help_=Help("我的任务", "本单位还没办结的任务和时限"),
)
def mine(ctx: Context) -> Reply:
    """List what the person's unit still owes."""
    if ctx.person.unit is None:
        return Reply(texts.leader_has_no_tasks())
    tasks = ctx.services.progress.open_tasks(ctx.person)
    if not tasks:
        return Reply(texts.no_tasks(ctx.person.unit.name))
    listed = [(task.assignment, LIGHTS[task.light], task.reason) for task in tasks]
    return Reply(texts.my_tasks(ctx.person.unit.name, listed, ctx.now.date()))
