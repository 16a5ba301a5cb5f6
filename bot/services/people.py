"""Who is who, and what a person may not do."""

from dataclasses import dataclass

from bot.domain.people import Person, Role, Unit
from bot.errors import InputError
from bot.services.base import Service
from bot.services.roster_file import Roster, parse_roster
from bot.services.tables import Table
from bot.storage import audit, people
from bot.texts import people as texts


@dataclass(frozen=True)
class RosterImported:
    """What an import changed."""

    units: int
    people: int
    changed: int


class People(Service):
    """The roster."""

    def identify(self, userid: str) -> Person:
        """Return the person of that account; somebody unknown is a stranger."""
        return people.find(self.session, userid) or self.stranger(userid)

    def stranger(self, userid: str) -> Person:
        """Return somebody who is not on the roster."""
        return Person(userid.lower(), "", Role.STRANGER)

    def came(self, userid: str) -> None:
        """Take a person back who can see the app again."""
        if people.set_active(self.session, userid, active=True):
            self._trace(userid, "person.came")

    def left(self, userid: str) -> None:
        """Reach a person no more who cannot see the app; the office is told whom it lost.

        Their reports and their unit's tasks stay (protocol.md section 11, unsubscribe).
        """
        person = self.identify(userid)
        if people.set_active(self.session, userid, active=False):
            self._trace(userid, "person.left")
            self.all.notices.tell_office(
                texts.left(person), key=f"left:{userid}:{self.now.isoformat()}"
            )

    def _trace(self, userid: str, action: str) -> None:
        audit.add(
            self.session, at=self.now, actor=userid, action=action, subject=f"person:{userid}"
        )

    def units(self) -> list[Unit]:
        """Return all units in the order of the roster."""
        return people.units(self.session)

    def not_allowed(self, person: Person) -> str:
        """Return the sentence for somebody who asks for what is not theirs to do."""
        office = self.all.shared.settings.office
        if not person.known:
            return texts.stranger(office.name, office.telephone)
        return texts.not_your_role(str(person.role), office.name)

    def office(self) -> str:
        """Return how the office calls itself."""
        return self.all.shared.settings.office.name

    def import_roster(self, table: Table, actor: str) -> RosterImported:
        """Take over units and people; all of the file or, with an InputError, nothing."""
        roster = parse_roster(table, known_units=[unit.name for unit in self.units()])
        changed = self._save_units(roster)
        by_name = {unit.name: unit for unit in self.units()}
        for entry in roster.people:
            changed += people.save_person(
                self.session, entry.userid, entry.name, by_name[entry.unit], Role(entry.role)
            )
        if changed:
            audit.add(
                self.session,
                at=self.now,
                actor=actor,
                action="roster.import",
                subject="roster",
                detail={"units": len(roster.units), "people": len(roster.people)},
            )
        return RosterImported(len(roster.units), len(roster.people), changed)

    def _save_units(self, roster: Roster) -> int:
        return sum(
            people.save_unit(self.session, unit.name, unit.category, unit.parent)
            for unit in roster.units
        )


__all__ = ["InputError", "People", "RosterImported"]
