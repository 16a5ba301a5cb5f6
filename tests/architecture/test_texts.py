"""Every sentence of `bot/texts`: finished Chinese, nothing left over from the program."""

import ast
import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import bot.texts
from bot.clock import SHANGHAI
from bot.texts import question

NOW = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
LEFT_OVER = re.compile(r"None|[{}]|\bTrue\b|\bFalse\b|<[a-z_]+\.|datetime\.|object at 0x")
WORDS = {
    question.outside: tuple(question._OUTSIDE),
    question.unassigned: tuple(question._SILENT_ON),
    question.fact: tuple(question._FACTS),
}
"""Functions whose first argument is one of some words."""
PLAIN: dict[Any, Any] = {
    str: "临县",
    int: 11,
    bool: True,
    float: 2.5,
    date: date(2021, 8, 5),
    datetime: NOW,
}


def texts() -> Iterator[Callable[..., Any]]:
    """Yield every public function of `bot/texts`."""
    for module in pkgutil.iter_modules(bot.texts.__path__):
        loaded = importlib.import_module(f"bot.texts.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                yield function


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


class Chooser:
    """Makes arguments of a type: the rich ones, or those with everything optional left out."""

    def __init__(self, *, rich: bool) -> None:
        self.rich = rich

    def make(self, kind: Any) -> Any:
        """Return a value of that type."""
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in {typing.Union, types.UnionType}:
            return self.make(inner[0]) if self.rich else None
        if origin is tuple and inner[-1] is not Ellipsis:
            return tuple(self.make(one) for one in inner)
        if origin in {list, Sequence, tuple}:
            return (tuple if origin is tuple else list)([self.make(inner[0])] * 2)
        if origin is dict:
            return {self.make(inner[0]): self.make(inner[1])}
        return self._one(kind)

    def _one(self, kind: Any) -> Any:
        if kind in PLAIN:
            return PLAIN[kind] if self.rich or kind not in {str, bool} else kind()
        if issubclass(kind, enum.Enum):
            return list(kind)[0 if self.rich else -1]
        assert dataclasses.is_dataclass(kind), kind
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        return typing.cast("Any", kind)(**{name: self.make(hints[name]) for name in names})

    def call(self, function: Callable[..., Any], first: str | None) -> Any:
        """Call the function with made arguments; `first` is its first one, if given."""
        hints = typing.get_type_hints(function)
        given = {name: self.make(hints[name]) for name in inspect.signature(function).parameters}
        if first is not None:
            given[next(iter(given))] = first
        return function(**given)


def said(found: Any) -> list[str]:
    """Return all texts in what a function returned."""
    if isinstance(found, str):
        return [found]
    return [text for part in found or () for text in said(part)]


@pytest.mark.parametrize("rich", [True, False], ids=["everything known", "as little as possible"])
@pytest.mark.parametrize("function", list(texts()), ids=name_of)
def test_a_sentence_is_finished(function: Callable[..., Any], rich: bool) -> None:
    for first in WORDS.get(function, (None,)):
        for text in said(Chooser(rich=rich).call(function, first)):
            assert not LEFT_OVER.search(text), text


@pytest.mark.parametrize(
    "path", sorted(Path(bot.texts.__path__[0]).glob("*.py")), ids=lambda p: p.name
)
def test_every_text_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len(ast.get_docstring(tree) or "") > 10
