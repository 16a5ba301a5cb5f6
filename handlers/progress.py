"""Reports of progress: one sentence is booked at once, 进度 leads turn by turn."""

from dataclasses import replace

from bot.conversation import Context, Help, Reply, Router, State, command, intent
from bot.conversation.filters import only, plain
from bot.domain.people import REPORTERS
from bot.language.reading import Reading
from bot.language.status import Status
from bot.services.progress import Booked
from bot.texts import progress as texts

router = Router("progress")


class Reporting:
    """The turns of a guided report."""

    choosing = State()
    writing = State()
    status = State()


@router.on(
    command("进度", "填报"),
    roles=REPORTERS,
    help_=Help("进度", "一步一步填报进展"),
)
def start(ctx: Context) -> Reply:
    """List what the unit still owes, or go straight to the point that was named."""
    numbers = ctx.points_in(ctx.rest)
    tasks = ctx.services.progress.open_tasks(ctx.person)
    if numbers:
        tasks = [task for task in tasks if task.assignment.point in numbers] or tasks
    if not tasks:
        return Reply(texts.nothing_open())
    if len(tasks) == 1:
        part = tasks[0].assignment
        reply = Reply(texts.ask_for_report(part, ctx.now.date()))
        return reply.then(Reporting.writing, task=part.id)
    reply = Reply(texts.choose([(task.assignment, task.reason) for task in tasks]))
    return reply.then(Reporting.choosing, tasks=[task.assignment.id for task in tasks])


@router.on(Reporting.choosing, roles=REPORTERS)
def choose(ctx: Context) -> Reply | None:
    """Take the number of a task; then ask for the report, unless it was written already."""
    tasks: list[int] = ctx.data["tasks"]
    answer = plain(ctx.text).rstrip("。.、号")
    if not answer.isdecimal():
        return None if ctx.reading.intent != "unclear" else Reply(texts.choose_again(len(tasks)))
    if not 1 <= int(answer) <= len(tasks):
        return Reply(texts.choose_again(len(tasks)))
    chosen = tasks[int(answer) - 1]
    if "text" in ctx.data:
        return _book_or_ask(ctx, chosen, ctx.services.reading.read(ctx.data["text"]))
    part = ctx.services.progress.task(ctx.person, chosen)
    reply = Reply(texts.ask_for_report(part, ctx.now.date()))
    return reply.then(Reporting.writing, task=chosen)


@router.on(Reporting.writing, roles=REPORTERS)
def write(ctx: Context) -> Reply | None:
    """Take the report on the chosen task; other words are left to whom they are meant for."""
    if ctx.reading.intent in {"question", "command", "greeting"} or ctx.reading.points:
        return None
    return _book_or_ask(ctx, ctx.data["task"], ctx.reading)


@router.on(Reporting.status, roles=REPORTERS)
def choose_status(ctx: Context) -> Reply | None:
    """Take the one field that was missing."""
    status = _chosen_status(ctx)
    if status is None:
        return None if ctx.reading.intent != "unclear" else Reply(texts.ask_for_status())
    reading = replace(ctx.services.reading.read(ctx.data["text"]), status=status)
    if "task" in ctx.data:
        return _echo(ctx, ctx.services.progress.book_on(ctx.person, ctx.data["task"], reading))
    return _echo(ctx, ctx.services.progress.book(ctx.person, ctx.data["points"], reading))


def _chosen_status(ctx: Context) -> Status | None:
    answer = plain(ctx.text).rstrip("。.、")
    choices: list[Status] = [status.value for status in texts.STATUS_CHOICES]
    if answer.isdecimal():
        return choices[int(answer) - 1] if 1 <= int(answer) <= len(choices) else None
    return ctx.reading.status if not ctx.reading.points else None


@router.on(
    command("更正", "修改"),
    roles=REPORTERS,
    help_=Help("更正 走访部队6个", "改正刚才的填报，写错哪项改哪项"),
)
def correct(ctx: Context) -> Reply:
    """Correct the last report."""
    reading = ctx.services.reading.read(ctx.rest)
    if not ctx.rest or not _says_something(reading):
        return Reply(texts.correct_how())
    part, report = ctx.services.progress.correct(ctx.person, reading)
    return Reply(texts.corrected(part, report, ctx.now.date())).end()


@router.on(
    only("撤回", "撤销"),
    roles=REPORTERS,
    help_=Help("撤回", "撤回刚才的填报"),
)
def withdraw(ctx: Context) -> Reply:
    """Withdraw the last report."""
    part, before = ctx.services.progress.withdraw(ctx.person)
    return Reply(texts.withdrawn(part, before)).end()


@router.on(command("延期", "申请延期"), roles=REPORTERS)
def extend(ctx: Context) -> Reply:
    """Say who grants an extension."""
    return Reply(texts.extension(ctx.services.people.office()))


@router.on(
    intent("report"),
    roles=REPORTERS,
    help_=Help("第11条 已完成，走访部队5个，慰问金24万元", "一句话填报，当场登记"),
)
def report(ctx: Context) -> Reply:
    """Book a report at once; ask only for what is missing."""
    numbers = list(ctx.reading.points)
    if not numbers:
        return _ask_which(ctx)
    for number in numbers:
        ctx.services.work_points.point(number)
    if ctx.reading.status is None:
        return Reply(texts.ask_for_status()).then(Reporting.status, text=ctx.text, points=numbers)
    return _echo(ctx, ctx.services.progress.book(ctx.person, numbers, ctx.reading))


def _ask_which(ctx: Context) -> Reply:
    tasks = ctx.services.progress.open_tasks(ctx.person)
    if not tasks:
        return Reply(texts.nothing_open())
    reply = Reply(texts.choose([(task.assignment, task.reason) for task in tasks]))
    return reply.then(
        Reporting.choosing, tasks=[task.assignment.id for task in tasks], text=ctx.text
    )


def _book_or_ask(ctx: Context, task: int, reading: Reading) -> Reply:
    if reading.status is None:
        return Reply(texts.ask_for_status()).then(Reporting.status, text=reading.text, task=task)
    return _echo(ctx, ctx.services.progress.book_on(ctx.person, task, reading))


def _echo(ctx: Context, booked: Booked) -> Reply:
    today = ctx.now.date()
    if booked.repeated:
        return Reply(texts.unchanged(booked.parts[0], booked.report, today)).end()
    return Reply(texts.booked(list(booked.parts), booked.report, today, booked.outdated)).end()


def _says_something(reading: Reading) -> bool:
    return any(
        (reading.status, reading.percent is not None, reading.money, reading.counts,
         reading.date, reading.difficulty, reading.points)
    )  # fmt: skip
