"""What the engines of a store have in common: their texts, what they are, and what they say of a row they refuse."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.typing import Protocol

    class Texts(Protocol):
        """The statements as one engine spells them: a module of ``store.compiled``."""

        SQL: dict[str, str]
        SCOPES: dict[str, str]
        ARMS: dict[str, str]
        FILTERS: dict[str, str]
        SORT_KEYS: dict[str, str]
        STAFF_SORT_KEYS: dict[str, str]
        HEADS: dict[str, str]
        TALLIES: dict[str, str]
        EXPRESSIONS: dict[str, str]
        SPELLINGS: dict[str, str]


class Engine(NamedTuple):
    """What a store is kept in: the engine and its version, the size and format of the store, and settings in use."""

    name: str
    version: str
    bytes: int
    format: int
    settings: dict[str, str]


class ConstraintViolation(Exception):
    """A row that contradicts what is stored: a name that exists, or a reference to what does not."""
