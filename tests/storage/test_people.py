"""The roster: all of a file or nothing, every bad row named, accounts compared without case."""

from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.errors import InputError
from bot.storage import audit, people
from tests.support.use_cases import UseCases

LINXIAN = "临县,县市区,,临小县,LinXian,联络员"
OFFICE = "市双拥办,领导机构,,办小文,bangongshi,双拥办"


def roles(use: UseCases) -> dict[str, str]:
    return use(
        lambda services: {
            person.userid: str(person.role) for person in people.of_roles(services.session, *Role)
        }
    )


def test_an_account_is_found_however_it_is_typed(use: UseCases) -> None:
    use.roster(LINXIAN, OFFICE)
    for typed in ("linxian", "LINXIAN", "LinXian"):
        found = use(lambda services, typed=typed: services.people.identify(typed))  # type: ignore[misc]
        assert (found.userid, found.name, found.role) == ("linxian", "临小县", Role.CONTACT)
        assert found.unit is not None
        assert (found.unit.name, found.unit.category, found.unit.parent) == ("临县", "县市区", None)


def test_somebody_unknown_is_a_stranger(use: UseCases) -> None:
    found = use(lambda services: services.people.identify("LuRen"))
    assert (found.userid, found.known, found.unit) == ("luren", False, None)


def test_the_same_file_twice_changes_nothing(use: UseCases) -> None:
    assert use.roster(LINXIAN, OFFICE).changed == 4
    again = use.roster(LINXIAN, OFFICE)
    assert (again.units, again.people, again.changed) == (2, 2, 0)
    assert len(use(lambda services: audit.of_subject(services.session, "roster"))) == 1


def test_a_corrected_file_corrects(use: UseCases) -> None:
    use.roster(LINXIAN, OFFICE)
    changed = use.roster("方山县,县市区,市双拥办,临小县,linxian,审核员", OFFICE)
    assert changed.changed == 2
    found = use(lambda services: services.people.identify("linxian"))
    assert (found.role, found.unit and found.unit.name) == (Role.REVIEWER, "方山县")
    assert roles(use) == {"linxian": "审核员", "bangongshi": "双拥办"}


BAD = (
    "临县,县市区,,,linxian,联络员",
    "方山县,县市区,,方小山,fang shan,联络员",
    "兴县,县市区,,兴小县,xingxian,主任",
    "岚县,县市区,没有的单位,岚小县,lanxian,联络员",
    "石楼县,县市区,,石小楼,SHILOU,联络员",
    "石楼县,县市区,,石小楼,shilou,联络员",
)


def test_a_file_with_bad_rows_changes_nothing_and_names_each(use: UseCases) -> None:
    use.roster(OFFICE)
    with pytest.raises(InputError) as raised:
        use.roster("好县,县市区,,好小县,haoxian,联络员", *BAD)
    said = str(raised.value)
    for row in (3, 4, 5, 6, 8):
        assert f"第{row}行：" in said
    assert "第2行" not in said
    assert roles(use) == {"bangongshi": "双拥办"}
    assert [unit.name for unit in use(lambda services: services.people.units())] == ["市双拥办"]


def test_who_left_is_a_stranger_until_the_roster_names_them_again(use: UseCases) -> None:
    use.roster(LINXIAN)
    assert use(lambda services: people.set_active(services.session, "LINXIAN", active=False))
    assert not use(lambda services: people.set_active(services.session, "linxian", active=False))
    assert not use(lambda services: services.people.identify("linxian")).known
    assert use(lambda services: people.contacts_by_unit(services.session)) == {}
    assert use.roster(LINXIAN).changed == 1
    assert use(lambda services: services.people.identify("linxian")).known


def test_contacts_of_some_units(use: UseCases) -> None:
    use.roster(LINXIAN, "临县,县市区,,临大县,linxian2,联络员", OFFICE)
    units = {unit.name: unit.id for unit in use(lambda services: services.people.units())}

    def contacts(*names: str) -> list[str]:
        ids = [units[name] for name in names]
        found = use(lambda services: people.contacts_of(services.session, ids))
        return [person.userid for person in found]

    assert contacts("临县", "市双拥办") == ["linxian", "linxian2"]
    assert contacts("市双拥办") == []
    assert contacts() == []


def test_the_sample_roster_is_complete(use: UseCases) -> None:
    sample = Path(__file__).parents[2] / "data" / "roster-sample.csv"
    use.roster(*sample.read_text(encoding="utf-8").splitlines()[1:])
    counted = list(roles(use).values())
    assert {role: counted.count(role) for role in set(counted)} == {
        "联络员": 37,
        "双拥办": 2,
        "审核员": 1,
        "领导": 1,
    }
