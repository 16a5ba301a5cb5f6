"""Workers on record: one row each, until they take their leave."""

from datetime import timedelta

from bot.storage import nodes
from bot.storage.database import Database
from tests.support.use_cases import NOW, UseCases


def test_a_worker_has_one_row_until_it_leaves(database: Database) -> None:
    first = nodes.Node("a:1", NOW, NOW, NOW, NOW)
    later = first._replace(beat_at=NOW + timedelta(seconds=15), halted_since=NOW, halt_reason="x")
    database.run(lambda session: nodes.save(session, first))
    database.run(lambda session: nodes.save(session, later))
    assert database.read(nodes.all_nodes) == [later]
    assert database.read(lambda session: nodes.find(session, "a:1")) == later
    database.run(lambda session: nodes.forget(session, "a:1"))
    assert database.read(nodes.all_nodes) == []


def test_who_is_dead_for_a_day_is_forgotten_and_nobody_else(use: UseCases) -> None:
    def beat(name: str, ago: timedelta) -> None:
        at = use(lambda services: services.shared.machine_clock.now()) - ago
        use(lambda services: services.nodes.beat(nodes.Node(name, at, at, at, at)))

    beat("gone:1", timedelta(hours=25))
    beat("dead:2", timedelta(hours=23))
    beat("alive:3", timedelta(seconds=20))
    use(lambda services: services.nodes.forget_dead())
    assert use(lambda services: [node.name for node in services.nodes.all_nodes()]) == [
        "alive:3",
        "dead:2",
    ]
    assert use(lambda services: [node.name for node in services.nodes.silent()]) == ["dead:2"]
