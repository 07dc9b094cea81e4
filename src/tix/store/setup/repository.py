"""The repositories of a desk's resources: all, get, add, save, drop, uses.

A row is a value of the domain; lists and objects are JSON in their columns. Resources are found regardless of case
and normal form (``domain.names``), and known by the spelling they were added with.
"""

from collections.abc import Callable, Sequence

from tix.domain.json_columns import dumps, loads
from tix.domain.names import name_key
from tix.domain.organisation import Asset, Client, Department, Priority, Team, TicketType
from tix.errors import TixError
from tix.store.connection import Store
from tix.typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Use(NamedTuple):
    """What prevents the removal of a resource: ``many`` of ``what``."""

    what: str
    many: int


class Repository(Generic[T]):
    """The repository of one kind of resource.

    ``read`` makes a value of a row, ``write`` the row's columns of a value.
    """

    def __init__(
        self, noun: str, read: Callable[[Sequence[Any]], T], write: Callable[[T], dict[str, Any]]
    ) -> None:
        self.noun = noun
        self.read = read
        self.write = write

    def all(self, store: Store) -> list[T]:
        """Return all of them, in their order."""
        return [self._value(store, row) for row in store.run(f"{self.noun}_all").fetchall()]

    def get(self, store: Store, name: str) -> T | None:
        """Return the one with that name, or None; found by the database if its letters agree, else by ``name_key``."""
        row = store.row(f"{self.noun}_get", name=name)
        if row is None:
            key = name_key(name)
            rows = store.run(f"{self.noun}_all").fetchall()
            row = next((one for one in rows if not _is_plain(one[0], name) and name_key(one[0]) == key), None)
        return None if row is None else self._value(store, row)

    def _value(self, store: Store, row: Sequence[Any]) -> T:
        """Return the value of a row. Raises DamagedStore for a row that tix cannot have written."""
        try:
            return self.read(row)
        except (TixError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            from tix.store.damage import Damage, failure

            key = str(row[0])
            why = error.message if isinstance(error, TixError) else f"cannot be read ({type(error).__name__})"
            known = (one for one in store.damages() if one.key.startswith(key))
            raise failure(store.path, next(known, Damage(self.noun, key, "a value", why))) from error

    def add(self, store: Store, value: T) -> None:
        """Store a new one."""
        store.run(f"{self.noun}_add", **self.write(value))

    def save(self, store: Store, value: T) -> None:
        """Store the changes to one."""
        row = self.write(value)
        name = row.pop("name")
        store.run(f"{self.noun}_save", key=name, **{f"new_{column}": part for column, part in row.items()})

    def drop(self, store: Store, name: str) -> None:
        """Remove one."""
        store.run(f"{self.noun}_drop", key=name)

    def clear(self, store: Store) -> None:
        """Remove all of them."""
        store.run(f"{self.noun}_clear")

    def uses(self, store: Store, name: str) -> list[Use]:
        """Return where it is used."""
        return [Use(what, count) for what, count in store.run(f"{self.noun}_uses", name=name) if count]


def _is_plain(one: str, other: str) -> bool:
    """Return whether the database compares these two names as well as ``name_key`` does."""
    return one.isascii() and other.isascii()


def words(text: str | None) -> tuple[str, ...]:
    """Return a JSON array of words as a tuple."""
    return () if text is None else tuple(loads(text))


def _row(value: Any) -> dict[str, Any]:
    """Return a value whose fields are its columns, in order."""
    return {name: int(part) if isinstance(part, bool) else part for name, part in value._asdict().items()}


def _active(row: Sequence[Any]) -> Any:
    """Return a row whose last column is ``active``, with that as a boolean."""
    return (*row[:-1], bool(row[-1]))


def _client(row: Sequence[Any]) -> Client:
    name, domains, *rest = _active(row)
    return Client(name, words(domains), *rest)


def _department(row: Sequence[Any]) -> Department:
    name, sla, calendar, workflow, mapping, *rest = _active(row)
    pairs = () if mapping is None else tuple(loads(mapping).items())
    return Department(name, sla, calendar, workflow, pairs, *rest)


def _priority(row: Sequence[Any]) -> Priority:
    name, rank, aliases, active = row
    return Priority(name, rank, tuple(aliases.split()), bool(active))


CLIENTS = Repository("client", _client, lambda one: _row(one) | {"domains": dumps(one.domains)})
DEPARTMENTS = Repository(
    "department",
    _department,
    lambda one: _row(one) | {"mapping": dumps(dict(one.mapping))},
)
TEAMS = Repository("team", lambda row: Team(*_active(row)), _row)
ASSETS = Repository("asset", lambda row: Asset(*_active(row)), _row)
TYPES = Repository("type", lambda row: TicketType(row[0], bool(row[1]), row[2]), _row)
PRIORITIES = Repository(
    "priority",
    _priority,
    lambda one: _row(one) | {"aliases": f" {' '.join(one.aliases)} " if one.aliases else ""},
)


def _canned(row: Sequence[Any]) -> Any:
    from tix.domain.canned import Canned

    return Canned(*_active(row))


def _view(row: Sequence[Any]) -> Any:
    from tix.domain.views import View, checked, split_key

    owner, name = split_key(row[0])
    return View(name, owner, checked(loads(row[1])))


# Loaded only where they are read: no list of tickets needs them.
CANNED: Repository[Any] = Repository("canned", _canned, _row)
VIEWS: Repository[Any] = Repository(
    "view", _view, lambda one: {"name": one.key, "words": dumps(one.words) or "{}"}
)
