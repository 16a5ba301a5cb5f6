"""What the house promises of itself, read from the source."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.services import health
from bot.texts import audit

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "jobs", "simulator", "bench", "tests")
FORBIDDEN_NAMES = re.compile(r"(utils?|helpers?|common|manager)s?\.py$")
SENTENCE = re.compile("[\u4e00-\u9fff]{3}")


def sources(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sources("bot", "handlers", "jobs", "simulator"), ids=name_of)
def test_a_file_stays_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_no_file_is_named_for_nothing() -> None:
    assert [name_of(path) for path in sources(*ROOMS) if FORBIDDEN_NAMES.search(path.name)] == []


TOLD = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
CLOCKS = {ROOT / "bot" / "clock.py", ROOT / "simulator" / "clock.py"}


@pytest.mark.parametrize("path", sources("bot", "handlers", "jobs", "simulator"), ids=name_of)
def test_time_comes_only_from_the_clock(path: Path) -> None:
    assert path in CLOCKS or not TOLD.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sources("bot", "handlers", "jobs"), ids=name_of)
def test_only_the_database_commits(path: Path) -> None:
    if path.parent.name == "versions" or path == ROOT / "bot" / "storage" / "database.py":
        return
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    if path.parts[-2] != "knowledge":  # tantivy's index has a commit of its own
        assert "commit" not in calls


def spoken(path: Path) -> Iterator[str]:
    """Yield the Chinese literals of a handler that are neither command words nor help lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    declared = {
        id(literal)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"command", "only", "Help", "_point_and_unit"}
        for literal in ast.walk(node)
    }
    documented = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            inside = id(node) in declared or id(node) in documented
            if not inside and SENTENCE.search(node.value):
                yield node.value


@pytest.mark.parametrize("path", sources("handlers", "jobs"), ids=name_of)
def test_handlers_and_jobs_leave_the_sentences_to_the_texts(path: Path) -> None:
    assert list(spoken(path)) == []


def test_the_example_explains_exactly_the_settings_there_are() -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert {f"{part}.{key}" for part, keys in shown.items() for key in keys} == set(settings.keys())


def test_the_example_can_be_started_from(tmp_path: Path) -> None:
    settings.load(ROOT / "config.example.toml")


def test_every_setting_is_documented_with_its_variable() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for key, variable in settings.keys().items():
        assert f"| `{key}` | `{variable}` |" in page


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("0*.md"):
        assert f"({path.name})" in listed


def test_every_proof_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[\w/]+/)?(test_\w+\.py)`", page))
    named |= set(re.findall(r"`(tests/[\w/]+\.py)`", page))
    assert len(named) > 15
    there = {path.name for path in sources("tests")} | {name_of(path) for path in sources("tests")}
    assert named - there == set()


def test_the_requirements_are_pinned_to_the_digit() -> None:
    for path in (*ROOT.glob("requirements*.txt"), *(ROOT / "bench/requirements").glob("*.txt")):
        rows = path.read_text(encoding="utf-8").splitlines()
        packages = [row for row in rows if row and not row.startswith((" ", "#"))]
        assert packages
        assert all(re.match(r"^[A-Za-z0-9._\[\]-]+==[0-9][\w.]*( ;.*)?$", row) for row in packages)


def test_no_path_of_a_machine_stands_in_the_house() -> None:
    tracked = [path for path in ROOT.rglob("*") if path.suffix in {".py", ".md", ".toml", ".sh"}]
    others = {".venv", ".venv-bench", "var"}
    ours = [path for path in tracked if not others.intersection(path.parts)]
    found = [
        name_of(path)
        for path in ours
        if re.search(r"(?<![.\w])/(?:work|root)/", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_figure_of_metrics_is_documented() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    source = (ROOT / "bot" / "services" / "health.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(bot_\w+)"', source))
    signs = {f"bot_worker_{sign}_age_seconds" for sign in health.SIGNS}
    for name in named | signs:
        assert f"| `{name}" in page
    for kind in audit.KINDS:
        assert f"`{kind}`" in page
