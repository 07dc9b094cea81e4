"""What shells complete: the suggestions of ``tix __complete``, for one kind of value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, defstruct

from tix.api.requests import Query, Words
from tix.api.tickets import Answer, Call
from tix.desk.completion import kinds
from tix.desk.completion.suggestion import Suggestion, Wanted, Which
from tix.typing import get_args

FIELDS = Suggestion._fields
_Number = Annotated[int, Meta(ge=0, le=10**15)]
_Kind: Any = Literal[tuple(kinds.KINDS)]
# msgspec knows the Literal of typing, and no other.
_Which: Any = Literal[get_args(Which)]

CompletionQuery: type[Struct] = defstruct(
    "CompletionQuery",
    [
        ("kind", _Kind),
        ("typed", Words, ""),
        ("which", _Which, "any"),
        ("without", Annotated[list[_Number], Meta(max_length=1000)], []),
        ("every", bool, False),
        ("topic", Words | None, None),
        ("ticket", _Number | None, None),
        ("key", Words | None, None),
    ],
    bases=(Query,),
    forbid_unknown_fields=True,
    kw_only=True,
)


def complete(call: Call) -> Answer:
    """What can stand where something is being typed, as far as the key's owner may see it."""
    wanted = Wanted(**{name: getattr(call.query, name) for name in Wanted._fields})
    return Answer([one._asdict() for one in kinds.complete(call.desk, wanted)])
