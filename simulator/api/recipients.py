"""To whom a message goes: the checks of touser, toparty and totag [O 90236]."""

from dataclasses import dataclass
from typing import Any

from simulator.errcodes import WecomError
from simulator.world import World

MAX_USERS = 1000
MAX_PARTIES = 100


@dataclass(frozen=True)
class Recipients:
    """Who gets it, and what was named but cannot get it (as WeCom reports it: joined by |)."""

    userids: list[str]
    invalid_users: str = ""
    invalid_parties: str = ""
    invalid_tags: str = ""
    unlicensed: str = ""

    def report(self) -> dict[str, str]:
        """Return the fields of the answer; empty ones are left out as WeCom may do."""
        fields = {
            "invaliduser": self.invalid_users,
            "invalidparty": self.invalid_parties,
            "invalidtag": self.invalid_tags,
            "unlicenseduser": self.unlicensed,
        }
        return {name: value for name, value in fields.items() if value}


def resolve(world: World, data: dict[str, Any]) -> Recipients:
    """Return the recipients of a send request; WecomError when nobody can get it."""
    users, parties, tags = (_named(data, name) for name in ("touser", "toparty", "totag"))
    if not (users or parties or tags):
        raise WecomError(82001)
    if users == ["@all"]:
        return _everyone(world)
    _check_sizes(users, parties, tags)
    found = _lookup(world, users, parties, tags)
    if not found.userids and not found.unlicensed:
        raise WecomError(81013, **found.report())
    return found


def _named(data: dict[str, Any], name: str) -> list[str]:
    value = data.get(name) or ""
    if not isinstance(value, str):
        raise WecomError(40058)
    return [part for part in value.split("|") if part]


def _check_sizes(users: list[str], parties: list[str], tags: list[str]) -> None:
    if len(users) > MAX_USERS:
        raise WecomError(40032)
    if len(parties) > MAX_PARTIES:
        raise WecomError(82002)
    if len(tags) > MAX_PARTIES:
        raise WecomError(82003)


def _everyone(world: World) -> Recipients:
    everyone = (person.userid.lower() for person in world.members.all())
    return Recipients([one for one in everyone if one not in world.members.unlicensed])


def _lookup(world: World, users: list[str], parties: list[str], tags: list[str]) -> Recipients:
    members = world.members
    lowered = list(dict.fromkeys(user.lower() for user in users))
    known = {str(number) for number in members.departments().values()} | {"1"}
    missing = [user for user in lowered if not members.find(user)]
    found = dict.fromkeys(lowered)
    for user in missing:
        del found[user]
    for party in parties:
        if party in known:
            people = members.of_department(int(party))
            found.update(dict.fromkeys(person.userid.lower() for person in people))
    return Recipients(
        userids=[user for user in found if user not in members.unlicensed],
        invalid_users="|".join(missing),
        invalid_parties="|".join(party for party in parties if party not in known),
        invalid_tags="|".join(tags),
        unlicensed="|".join(user for user in found if user in members.unlicensed),
    )
