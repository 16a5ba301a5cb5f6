"""What `doctor` looks at. Each finding has an id that stays the same, a reason, and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.people import Role
from bot.errors import BotError
from bot.services.all import Services
from bot.storage import migrate, people
from bot.storage.database import Database
from bot.storage.migrate import Schema

SOON = timedelta(days=120)


class Level(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    id: str
    level: Level
    reason: str
    todo: str = ""


def configuration(make_codec: Callable[[], object]) -> Finding:
    """Whether callbacks could be opened with what is configured."""
    try:
        make_codec()
    except BotError as error:
        return Finding("config.wecom", Level.BAD, str(error), "改好 config.toml 后重新运行 doctor")
    return Finding("config.wecom", Level.GOOD, "企业微信配置项齐全，密钥格式正确")


def database(store: Database) -> Finding:
    """Whether the database answers and has the right schema."""
    try:
        schema = migrate.schema(store)
    except SQLAlchemyError:
        todo = "检查配置项 database.url 和数据库服务"
        return Finding("database", Level.BAD, "连不上数据库", todo)
    if schema is Schema.CURRENT:
        return Finding("database", Level.GOOD, "数据库可用，结构是最新的")
    if schema is Schema.UNKNOWN:
        reason = "数据库已由别的版本的双拥通升级过"
        return Finding("database", Level.BAD, reason, "把本机的程序也升级到那个版本")
    return Finding("database", Level.BAD, "数据库还没有建好或版本较旧", "运行 python -m bot init")


def credentials(check: Callable[[], None]) -> Finding:
    """Whether WeCom accepts the app's credentials."""
    try:
        check()
    except BotError as error:
        return Finding("wecom.token", Level.BAD, str(error), "按说明处理后重新运行 doctor")
    return Finding("wecom.token", Level.GOOD, "企业微信凭据有效，接口可以访问")


def content(services: Services) -> Iterator[Finding]:
    """Whether the office has entered what the bot needs, and whether the bot is at work."""
    yield _clock(services)
    yield _worker(services)
    yield _sending(services)
    yield _audit(services)
    yield _plan(services)
    yield _roster(services)
    yield _split(services)
    yield _calendar(services)


def _clock(services: Services) -> Finding:
    now = services.shared.clock.now()
    zone = services.shared.settings.schedule.timezone
    return Finding("clock", Level.GOOD, f"现在是 {now:%Y-%m-%d %H:%M:%S}（{zone}），请与手表核对")


def _worker(services: Services) -> Finding:
    """Whether somebody acts by the clock; one that was stopped in order is not missed."""
    known, silent = services.nodes.all_nodes(), services.nodes.silent()
    if not known:
        todo = "运行 python -m bot serve"
        return Finding("worker", Level.NOTE, "没有后台进程在运行，提醒不会发出", todo)
    names = "、".join(node.name for node in silent)
    if len(silent) == len(known):
        todo = "查看日志，重新启动 serve"
        return Finding("worker", Level.BAD, f"后台进程没有心跳：{names}，提醒不会发出", todo)
    stuck = services.nodes.stuck()
    if stuck:
        names = "、".join(node.name for node in stuck)
        return Finding("worker", Level.BAD, f"后台进程的定时任务停住了：{names}", "查看日志")
    if silent:
        reason = f"后台进程没有心跳：{names}，其余 {len(known) - len(silent)} 个正常"
        return Finding("worker", Level.NOTE, reason, "如已停用，一天后不再提示；否则查看日志")
    return Finding("worker", Level.GOOD, f"后台进程：{len(known)} 个在运行")


def _sending(services: Services) -> Finding:
    halted = services.nodes.halted()
    if halted:
        return Finding(
            "sending",
            Level.BAD,
            f"现在发不出消息：{halted[0].halt_reason}",
            "按说明处理，积压的消息会自动发出",
        )
    return Finding("sending", Level.GOOD, "没有发送受阻")


def _audit(services: Services) -> Finding:
    """Whether what should have happened did; the auditor looks every ten minutes."""
    last = services.condition.last_audit()
    if last is None:
        return Finding("audit", Level.NOTE, "还没有做过运行自查", "启动 serve 后会自动进行")
    found = services.condition.last_found()
    when = f"最近一次自查在 {last:%Y-%m-%d %H:%M}"
    if found:
        return Finding("audit", Level.NOTE, f"{when}，发现 {found} 项", "向机器人发送“运行情况”")
    return Finding("audit", Level.GOOD, f"{when}，没有发现问题")


def _plan(services: Services) -> Finding:
    plan = services.work_points.current()
    if plan is None:
        todo = "运行 python -m bot import plan 文件"
        return Finding("content.plan", Level.BAD, "还没有导入工作要点", todo)
    return Finding("content.plan", Level.GOOD, f"工作要点：《{plan.title}》{len(plan.points)} 条")


def _roster(services: Services) -> Finding:
    contacts = people.of_roles(services.session, Role.CONTACT)
    office = people.of_roles(services.session, Role.OFFICE)
    if not contacts or not office:
        lacking = "联络员" if not contacts else "双拥办人员"
        todo = "运行 python -m bot import roster 文件"
        return Finding("content.roster", Level.BAD, f"名单里没有{lacking}", todo)
    reason = f"名单：联络员 {len(contacts)} 人，双拥办 {len(office)} 人"
    return Finding("content.roster", Level.GOOD, reason)


def _split(services: Services) -> Finding:
    tasks = [task for task in services.assignments.of_plan() if task.assignment.official]
    if not tasks:
        todo = "运行 python -m bot import assignments 文件"
        return Finding("content.assignments", Level.NOTE, "还没有导入责任分工", todo)
    return Finding("content.assignments", Level.GOOD, f"责任分工：{len(tasks)} 项")


def _calendar(services: Services) -> Finding:
    today = services.shared.clock.today()
    calendar = services.calendar.current()
    for year in (today.year, (today + SOON).year):
        if calendar.is_tentative(today.replace(year=year, month=6, day=1)):
            todo = "国务院办公厅通知发布后运行 python -m bot import calendar 文件"
            reason = f"{year} 年放假调休通知还没有导入，工作日按暂定计算"
            return Finding("content.calendar", Level.NOTE, reason, todo)
    return Finding("content.calendar", Level.GOOD, "近期的放假调休安排齐全")
