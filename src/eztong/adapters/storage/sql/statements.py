"""Statements written in SQLAlchemy Core, compiled once per dialect, run by the driver itself.

The SQL stays portable because SQLAlchemy writes it; it stays fast because nothing of SQLAlchemy runs per call.
Columns are text, integers and bytes only, which every driver passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Column, LargeBinary, Select, SelectBase, Table, Text, bindparam, insert, select, update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.dml import UpdateBase

from eztong.adapters.storage.sql.changes import Touch, touches_of
from eztong.adapters.storage.sql.known import Known
from eztong.domain.damage import RowDamaged

Row = Sequence[Any]
Params = Mapping[str, Any]

TOP: Final = "~"
"""No id sorts above this, so it stands for «from the newest»."""


class Cursor(Protocol):
    """What is used of a DB-API cursor."""

    @property
    def rowcount(self) -> int:
        """Rows changed."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - as the drivers declare it
        """Return the next row or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        ...


class DriverConnection(Protocol):
    """What is used of a driver's connection; sqlite3 and psycopg both have it."""

    def execute(self, sql: str, params: Any = ..., /) -> Cursor:  # noqa: ANN401 - as the drivers declare it
        """Run one statement."""
        ...

    def executemany(self, sql: str, params: Any, /) -> Cursor:  # noqa: ANN401 - as the drivers declare it
        """Run one statement with each of many sets of parameters."""
        ...


class Seals(Protocol):
    """What makes the tag of a row that carries its own, and keeps those of rows that carry none."""

    def tag_of(self, table: str, row: Params) -> bytes:
        """Return the tag of a row by the names of its columns."""
        ...

    def before_change(self, touches: frozenset[Touch]) -> None:
        """Make ready for a statement that ``touches`` rows, which follows on the same connection."""
        ...

    def after_undo(self) -> None:
        """Hear that what was done since some point of the transaction is undone."""
        ...


Arrange = Callable[[Params], Any]


class Compiled(NamedTuple):
    """SQL text, what puts parameters into the driver's form, the values in the statement itself, what it changes."""

    sql: str
    arrange: Arrange
    fixed: Params
    touches: frozenset[Touch]

    def bind(self, params: Params) -> Any:  # noqa: ANN401 - as the driver takes them
        """Return the parameters in the driver's form, with the fixed values among them."""
        return self.arrange({**self.fixed, **params} if self.fixed else params)

    def bind_all(self) -> Arrange:
        """Return what does so, for many sets of parameters."""
        return self.bind if self.fixed else self.arrange


class Statement:
    """One statement, compiled for a dialect when it is first run there."""

    __slots__ = ("_compiled", "_expression", "_fits", "_keys", "table")

    def __init__(self, expression: Executable, *, keys: Sequence[str] | None = None) -> None:
        """Keep ``expression``; ``keys`` names the columns that an INSERT or UPDATE sets from parameters."""
        self._expression = expression
        self._keys = keys
        self.table = str(expression.table) if isinstance(expression, UpdateBase) else ""
        self._compiled: dict[str, Compiled] = {}
        self._fits: set[tuple[type, ...]] = set()

    def check_types(self, rows: Iterable[Row]) -> None:
        """Refuse rows with a cell that is of another type than its column: SQLite stores any in any.

        Rows look alike, so that what they are made of is looked up once for all.

        Raises:
            RowDamaged: of the cell's table.
        """
        for types in {tuple(map(type, row)) for row in rows} - self._fits:
            for column, found in zip(_selected(self._expression), types, strict=False):
                if column is not None and found not in {type(None), _type_of(column)}:
                    raise RowDamaged(column.table.name, key_of(column.table)) from None
            self._fits.add(types)

    def table_read(self) -> Table | None:
        """Return the table whose columns are read first; None for what reads of none."""
        read = self._expression.columns_clause_froms if isinstance(self._expression, Select) else ()
        return next((one for one in read if isinstance(one, Table)), None)

    def compiled(self, dialect: Dialect) -> Compiled:
        """Return the statement as ``dialect`` writes it."""
        found = self._compiled.get(dialect.name)
        if found is None:
            made = self._expression.compile(  # type: ignore[attr-defined]  # Executable hides ClauseElement
                dialect=dialect, column_keys=self._keys
            )
            # Those that every run gives are required; their place holds a symbol.
            given = {name: one.value for one, name in made.bind_names.items() if not one.required}
            fixed = {name: value for name, value in given.items() if value is not None}
            sql, changed = str(made), self._expression.table if isinstance(self._expression, UpdateBase) else None
            touches = touches_of(sql, changed) if isinstance(changed, Table) else frozenset()
            found = self._compiled[dialect.name] = Compiled(sql, _arranger(made.positiontup), fixed, touches)
        return found


def _is_no_text(error: BaseException) -> bool:
    return isinstance(error, UnicodeDecodeError)


def _selected(expression: Executable) -> Sequence[Column[Any] | None]:
    """Return the stored column behind each cell of what is selected; None for one that is worked out."""
    chosen = expression.selected_columns if isinstance(expression, SelectBase) else ()
    behind = [next(iter(one.base_columns)) for one in chosen]
    return [one if isinstance(one, Column) and isinstance(one.table, Table) else None for one in behind]


def _type_of(column: Column[Any]) -> type:
    if isinstance(column.type, LargeBinary):
        return bytes
    return str if isinstance(column.type, Text) else int


def key_of(table: Table) -> str:
    """Return the columns by which a row of ``table`` is known, as a sentence names them."""
    return " and ".join(column.name for column in table.primary_key)


class ChangeLost(Exception):
    """A change that was put off failed, or did not touch the one row that it must touch."""


class Database:
    """A driver connection that runs :class:`Statement` objects.

    While it ``gathers``, changes of single rows may be put off and are then made with few statements; whatever else is
    read or changed is so only after them. Meanwhile ``known`` holds rows that were read, until their table changes.
    """

    __slots__ = (
        "_connection",
        "_dialect",
        "_is_lost",
        "_is_no_text",
        "_later",
        "_seals",
        "changes",
        "gathers",
        "known",
    )

    def __init__(
        self,
        connection: DriverConnection,
        dialect: Dialect,
        *,
        seals: Seals | None = None,
        is_no_text: Callable[[BaseException], bool] = _is_no_text,
    ) -> None:
        """Use ``connection``, whose parameter style ``dialect`` was made for.

        ``is_no_text`` says of what the driver raises whether a text in a row was no UTF-8.
        """
        self._connection = connection
        self._dialect = dialect
        self._seals = seals
        self._is_no_text = is_no_text
        self.gathers = False
        self._later: dict[Statement, list[Params]] = {}
        self._is_lost = False
        self.changes = 0
        self.known = Known()

    def one(self, statement: Statement, params: Params) -> Row | None:
        """Return the first row or None.

        Raises:
            RowDamaged: a text in it is no UTF-8, or a cell of another type than its column.
        """
        self.flush()
        try:
            row: Row | None = self._execute(statement, params).fetchone()
        except Exception as error:
            self._check_text(error, statement)
            raise
        if row is not None:
            statement.check_types((row,))
        return row

    def all(self, statement: Statement, params: Params) -> list[Row]:
        """Return all rows.

        Raises:
            RowDamaged: a text in one of them is no UTF-8, or a cell of another type than its column.
        """
        self.flush()
        try:
            rows = self._execute(statement, params).fetchall()
        except Exception as error:
            self._check_text(error, statement)
            raise
        statement.check_types(rows)
        return rows

    def run(self, statement: Statement, params: Params) -> int:
        """Run a change and return how many rows it touched; ``changes`` counts the calls."""
        self.flush()
        self.known.forget(statement.table)
        self.changes += 1
        return self._execute(statement, params).rowcount

    def run_later(self, statement: Statement, params: Params) -> None:
        """Run a change of exactly one row, which the caller has in ``known`` or makes, with others of its kind.

        Raises:
            ChangeLost: here or in :meth:`flush`: it failed, or touched none.
        """
        self.changes += 1
        if self.gathers:
            later = self._later.get(statement)
            if later is None:
                self._later[statement] = [params]
            else:
                later.append(params)
        elif self._execute(statement, params).rowcount != 1:
            raise ChangeLost

    def flush(self) -> None:
        """Make the changes that were put off. Once one has failed, nothing more is done until :meth:`start`.

        Raises:
            ChangeLost: one of them failed, or did not touch its row; whoever asks for it is not whose change it was.
        """
        if not self._later:
            return
        if self._is_lost:
            raise ChangeLost
        self._is_lost = True
        later = self._later
        for statement, rows in later.items():
            if self._changed_by(statement, rows) != len(rows):
                raise ChangeLost
        self._is_lost = False
        self._later = {}

    def start(self, *, gathers: bool) -> None:
        """Begin a transaction's work: nothing is known or put off, and changes are gathered from now on or not."""
        self.gathers = gathers
        self._later = {}
        self._is_lost = False
        self.known.clear()

    def begin_part(self) -> None:
        """Remember this point inside the transaction, also inside another part."""
        self.flush()
        self._connection.execute("SAVEPOINT part")

    def undo_part(self) -> None:
        """Undo what was done since the newest part began, also what was put off."""
        self._later = {}
        self.known.clear()
        self._connection.execute("ROLLBACK TO SAVEPOINT part")
        if self._seals is not None:
            self._seals.after_undo()

    def end_part(self) -> None:
        """Forget the point where the newest part began."""
        self._connection.execute("RELEASE SAVEPOINT part")

    def tag_of(self, table: str, row: Params) -> bytes:
        """Return the tag that a row of ``table`` carries."""
        if self._seals is None:
            raise RuntimeError("a connection that only reads has no key for tags")
        return self._seals.tag_of(table, row)

    def _check_text(self, error: Exception, statement: Statement) -> None:
        # The driver's words quote the text.
        table = statement.table_read() if self._is_no_text(error) else None
        if table is not None:
            raise RowDamaged(table.name, key_of(table)) from None

    def _changed_by(self, statement: Statement, rows: list[Params]) -> int:
        try:
            return self._execute_many(statement, rows)
        except Exception as error:
            raise ChangeLost from error

    def _execute_many(self, statement: Statement, rows: list[Params]) -> int:
        compiled = statement.compiled(self._dialect)
        self._make_ready(compiled)
        # One row alone is cheaper without the loop around it.
        if len(rows) == 1:
            return self._connection.execute(compiled.sql, compiled.bind(rows[0])).rowcount
        return self._connection.executemany(compiled.sql, map(compiled.bind_all(), rows)).rowcount

    def _execute(self, statement: Statement, params: Params) -> Cursor:
        compiled = statement.compiled(self._dialect)
        self._make_ready(compiled)
        return self._connection.execute(compiled.sql, compiled.bind(params))

    def _make_ready(self, compiled: Compiled) -> None:
        if compiled.touches and self._seals is not None:
            self._seals.before_change(compiled.touches)


def _arranger(names: Sequence[str] | None) -> Arrange:
    """Return what turns named parameters into what the driver takes: a tuple in order, or the names as they are.

    Positions bind faster than names, which the sqlite3 module looks up one by one.
    """
    if names is None:
        return dict
    if len(names) == 1:
        name = names[0]
        return lambda params: (params[name],)
    return itemgetter(*names) if names else lambda _params: ()


def insert_into(table: Table) -> Statement:
    """Return an INSERT that takes every column as a parameter of its name."""
    return Statement(insert(table), keys=table.columns.keys())


def select_where(table: Table, *keys: str) -> Statement:
    """Return a SELECT of all columns, in the table's order, by equality on ``keys``."""
    return Statement(select(table).where(*(table.c[key] == bindparam(key) for key in keys)))


def update_where(table: Table, *, keys: Sequence[str], columns: Sequence[str]) -> Statement:
    """Return an UPDATE of ``columns`` by equality on ``keys``, empty ones too; parameters carry the columns' names."""
    values: dict[str, Any] = {column: bindparam(f"set_{column}") for column in columns}
    condition = (
        table.c[key].is_not_distinct_from(bindparam(key)) if table.c[key].nullable else table.c[key] == bindparam(key)
        for key in keys
    )
    return Statement(update(table).where(*condition).values(values))
