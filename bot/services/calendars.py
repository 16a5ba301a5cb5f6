"""The calendar in force: what is shipped, with what the office entered from notices."""

from collections import Counter

from bot.domain.calendar import Calendar, DayFact
from bot.services.base import Service
from bot.storage import audit, calendar
from bot.storage.calendar import CalendarDayRow


class Calendars(Service):
    """Working days and holidays."""

    def current(self) -> Calendar:
        """Return the calendar; it is built again only after an import."""
        return self.all.shared.calendar(self.session, self.all.versions)

    def import_days(self, facts: tuple[DayFact, ...], actor: str) -> dict[int, int]:
        """Take over the days of official notices; return how many days each year got.

        Days of the same notice that were entered before are replaced.
        """
        calendar.replace(
            self.session,
            [
                CalendarDayRow(
                    day=fact.day,
                    working=fact.working,
                    name=fact.name,
                    source=fact.source,
                    entered_at=self.now,
                )
                for fact in facts
            ],
        )
        self.all.imported()
        years = Counter(fact.day.year for fact in facts)
        audit.add(
            self.session,
            at=self.now,
            actor=actor,
            action="calendar.import",
            subject="calendar",
            detail={str(year): count for year, count in years.items()},
        )
        return dict(sorted(years.items()))
