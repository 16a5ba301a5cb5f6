"""user/*, department/list, auth/getuserinfo: who is in the app's visible range."""

from typing import Any

from simulator.api.endpoint import Answer, Call, endpoint
from simulator.errcodes import OK, WecomError
from simulator.people import ROOT, Person
from simulator.world import World


@endpoint("user/get")
def get_user(world: World, call: Call) -> Answer:
    """Return a member; newer apps get no mobile, e-mail or avatar (protocol 6)."""
    person = world.members.find(call.needed("userid"))
    if person is None:
        raise WecomError(60111)
    return {**OK, **_simple(world, person), "position": person.role, "status": 1}


@endpoint("user/simplelist")
def list_users(world: World, call: Call) -> Answer:
    """Return the members of a department."""
    number = _department(world, call.needed("department_id"))
    people = world.members.of_department(number)
    return {**OK, "userlist": [_simple(world, person) for person in people]}


@endpoint("user/list_id")
def list_ids(world: World, call: Call) -> Answer:
    """Return a page of accounts with their departments; `next_cursor` is empty at the end."""
    size = min(int(call.data.get("limit") or 10000), 10000)
    start = int(call.data.get("cursor") or 0)
    people = world.members.all()
    page = [
        {"userid": person.userid, "department": world.members.department(person)}
        for person in people[start : start + size]
    ]
    end = start + size
    return {**OK, "dept_user": page, "next_cursor": str(end) if end < len(people) else ""}


@endpoint("department/list")
def list_departments(world: World, call: Call) -> Answer:
    """Return the root and one department a unit."""
    del call
    root = {"id": ROOT, "name": "吕梁市", "parentid": 0, "order": 1}
    units = [
        {"id": number, "name": name, "parentid": ROOT, "order": number}
        for name, number in world.members.departments().items()
    ]
    return {**OK, "department": [root, *units]}


@endpoint("auth/getuserinfo")
def get_user_info(world: World, call: Call) -> Answer:
    """Return the person who came with an OAuth code; a code works once."""
    userid = world.spend_login_code(call.needed("code"))
    if userid is None:
        raise WecomError(40029)
    return {**OK, "userid": userid}


def _department(world: World, text: str) -> int:
    known = {ROOT, *world.members.departments().values()}
    if not text.isdecimal() or int(text) not in known:
        raise WecomError(60003)
    return int(text)


def _simple(world: World, person: Person) -> dict[str, Any]:
    return {
        "userid": person.userid,
        "name": person.name,
        "department": [world.members.department(person)],
    }
