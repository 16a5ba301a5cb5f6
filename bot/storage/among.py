"""`column IN (…)` for thousands of values: all of them are one parameter.

With a parameter for each value the statement's text grows with the list, and building it, sending
it and planning it cost more than finding the rows.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Boolean, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine


class _ListOf(TypeDecorator[list[Any]]):
    """An array on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the driver is given."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(self.item))

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        """Return the values as one."""
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class _Among(FunctionElement[bool]):
    type = Boolean()
    name = "among"
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Among":
        """Stand for itself: as `… = 1`, SQLAlchemy's way, SQLite would not use an index."""
        return self


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled SQL


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that `column` has one of the values of the parameter `name`."""
    return _Among(column, bindparam(name, type_=_ListOf(column.type)))
