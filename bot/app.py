"""The composition root: it alone knows all parts, and puts them together."""

import gc
import logging
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.door import Door
from bot.conversation.replay import Replay
from bot.conversation.router import Routes
from bot.errors import ConfigError
from bot.log import keep_out
from bot.outbox.delivery import Delivery
from bot.outbox.tokens import DatabaseTokens
from bot.scheduling import scheduler
from bot.scheduling.heart import EVERY, Heart
from bot.scheduling.registry import Chore
from bot.scheduling.runner import Runner
from bot.services import Services, Shared, checkup
from bot.services.checkup import Finding
from bot.services.composer import ReminderComposer
from bot.services.health import Health
from bot.settings import Settings, WeCom
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.versions import Versions
from bot.web.flask_app import create
from bot.wecom.account import Account
from bot.wecom.client import WeComClient
from bot.wecom.crypto import Codec, Key
from handlers import ROUTERS
from jobs import JOBS

log = logging.getLogger(__name__)
_ALLOCATIONS = 20_000
"""So many new objects let the garbage collector look; a message makes some thousands."""
FIRST_YEAR, LAST_YEAR = 1901, 2099
"""The almanac knows the lunar dates of these years, their neighbours included."""


class Bot:
    """The parts of one process. `clock` is what the bot sees, `machine_clock` is real."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        for secret in settings.secrets():
            keep_out(secret)
        self.clock = clock or Clock(settings.schedule.zone)
        self.machine_clock = Clock(settings.schedule.zone)
        self.database = Database(settings.database.url)
        self.shared = Shared(settings, self.clock, self.machine_clock)
        self.dispatcher = Dispatcher(self.database, Routes(ROUTERS), self.make_services, self.clock)

    def make_services(
        self, session: Session, at: datetime | None = None, known: Versions | None = None
    ) -> Services:
        """Return the services of one transaction, as of now or of an earlier moment.

        `known` saves them a query.
        """
        return Services(session, self.shared, at, known)

    def replay(self) -> Replay:
        """Return what handles again the messages that failed."""
        return Replay(self.database, self.dispatcher, self.make_services, self.clock)

    def migrate(self) -> None:
        """Create or migrate the database."""
        migrate.upgrade(self.database)

    def client(self) -> WeComClient:
        """Return the client of WeCom's API."""
        wecom = self.settings.wecom
        account = Account(
            wecom.corp_id, wecom.agent_id, wecom.secret.get_secret_value(), wecom.api_base_url
        )
        return WeComClient(account, DatabaseTokens(self.database), self.machine_clock)

    def delivery(self) -> Delivery:
        """Return what sends the outbox."""
        return Delivery(
            database=self.database,
            sender=self.client(),
            composer=ReminderComposer(self.shared),
            clock=self.clock,
            machine_clock=self.machine_clock,
            agent_id=self.settings.wecom.agent_id,
        )

    def flask(self) -> Flask:
        """Return the web application."""
        wecom = self.settings.wecom
        door = Door(codec(wecom), self.dispatcher, self.clock, wecom.agent_id)
        return create(door, Health(self.database, self.clock, self.machine_clock))

    def runner(self) -> Runner:
        """Return what runs the jobs that are due."""
        return Runner(
            self.database, JOBS, (), self.make_services, self.clock, scheduler.due_between
        )

    def worker(self) -> "Worker":
        """Return what acts by the clock: the jobs, and the delivery of the outbox."""
        pulse = timedelta(seconds=self.settings.schedule.pulse_seconds)
        delivery = self.delivery()
        heart = self.heart(delivery)
        chores = [Chore(delivery.drain, "deliver", pulse), Chore(heart.beat, "beat", EVERY)]
        return Worker(
            scheduler.Scheduler(self.runner(), pulse, chores, heart.done), delivery, heart
        )

    def heart(self, delivery: Delivery) -> Heart:
        """Return what tells all nodes that this process works."""
        return Heart(
            self.database, self.make_services, delivery.breaker, self.clock, self.machine_clock
        )

    def checkup(self) -> list[Finding]:
        """Return what `doctor` finds."""
        findings = [
            checkup.configuration(lambda: codec(self.settings.wecom)),
            checkup.database(self.database),
        ]
        if findings[1].level is checkup.Level.GOOD:
            findings += self.database.read(
                lambda session: list(checkup.content(self.make_services(session)))
            )
        if all(finding.level is not checkup.Level.BAD for finding in findings[:2]):
            findings.append(checkup.credentials(self.client().check))
        return findings

    def close(self) -> None:
        """Finish what was accepted and let go of the database."""
        self.database.close()


class Worker:
    """The alarm clock, the delivery and the sign of life, started and stopped together."""

    def __init__(self, alarms: scheduler.Scheduler, delivery: Delivery, heart: Heart) -> None:
        self._alarms = alarms
        self._delivery = delivery
        self._heart = heart

    def start(self) -> None:
        """Begin to act, in threads of its own."""
        self._heart.start()
        self._alarms.start()

    def stop(self) -> None:
        """Finish the calls under way, give back what was not sent, then stop."""
        self._delivery.stop()
        self._alarms.stop()
        self._heart.stop()


def settle() -> None:
    """Let the garbage collector leave alone what was made at the start.

    It would go through all of it again and again, many milliseconds each time, and find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)


def codec(wecom: WeCom) -> Codec:
    """Return the codec of the configured keys, the newest first; ConfigError names what lacks."""
    for name in ("corp_id", "agent_id", "secret", "token", "encoding_aes_key"):
        value = getattr(wecom, name)
        if not (value.get_secret_value() if hasattr(value, "get_secret_value") else value):
            raise ConfigError(f"配置项 wecom.{name} 还没有填写，请对照 config.example.toml 填写。")
    keys = [Key(wecom.token.get_secret_value(), wecom.encoding_aes_key.get_secret_value())]
    previous = wecom.previous_token.get_secret_value()
    if previous:
        keys.append(Key(previous, wecom.previous_encoding_aes_key.get_secret_value(), "previous_"))
    minutes = wecom.timestamp_window_minutes
    return Codec(keys, wecom.corp_id, timedelta(minutes=minutes) if minutes else None)


def start_moment(text: str, clock: Clock, option: str = "--start-at") -> datetime:
    """Return the moment that an option names; without a zone the office's is meant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{option} 的写法不对，应形如 2021-07-18T09:00 或 2021-07-18T09:00:00+08:00。"
        ) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ConfigError(f"{option} 的年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.zone)
