"""NamedTuple, made without `typing`, is what `typing` makes: values, failures, copies, subclasses."""

import copy
import pickle
import typing

import pytest

from tix.typing import Annotated, Generic, Literal, NamedTuple, TypeVar, cast, get_args

T = TypeVar("T")


class Ours(NamedTuple):
    """A ticket, more or less."""

    number: int
    subject: str
    tags: "tuple[str, ...]" = ()
    open: bool = True

    @property
    def ref(self) -> str:
        return f"TIX-{self.number}"


class Theirs(typing.NamedTuple):
    number: int
    subject: str
    tags: "tuple[str, ...]" = ()
    open: bool = True


class Other(Ours):
    subject: "str | None"


class One(NamedTuple):
    value: int


class Of(NamedTuple, Generic[T]):
    value: T


CALLS = [
    ((1, "a"), {}), ((1,), {"subject": "a"}), ((), {"subject": "a", "number": 1}), ((1, "a", ("x",), False), {}),
    ((1, "a"), {"open": False}), ((), {}), ((1,), {}), ((1, "a", (), True, 5), {}), ((1, "a"), {"number": 2}),
    ((1, "a"), {"colour": 2}), ((1,), {"open": True}), ((1, "a", ()), {"tags": ()}),
]  # fmt: skip


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(("values", "named"), CALLS)
def test_it_is_called_as_that_of_typing(values, named, compiled):
    """Also the failures are the same, before and after the constructor has been compiled."""

    class Fresh(NamedTuple):
        number: int
        subject: str
        tags: "tuple[str, ...]" = ()
        open: bool = True

    for _ in range(6 * compiled):
        Fresh(1, "a")
    assert _outcome(Fresh, values, named) == _outcome(Theirs, values, named)


def _outcome(kind, values, named):
    """What a call makes, or what it fails with, without the name of the class."""
    try:
        made = kind(*values, **named)
    except TypeError as error:
        return str(error).rpartition(".")[2]
    return tuple(made), made._asdict(), repr(made).rpartition(".")[2].partition("(")[2]


def test_a_value_is_replaced_copied_and_matched():
    made = Ours(1, "a", open=False)
    assert made._replace(subject="b") == (1, "b", (), False)
    assert type(Other(1, "a")._replace(number=2)) is Other
    with pytest.raises(ValueError, match="colour"):
        made._replace(colour=1)
    with pytest.raises(TypeError):
        Ours._make([1])
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made  # our own
    assert (made.ref, made._fields, Ours._field_defaults) == (
        "TIX-1",
        ("number", "subject", "tags", "open"),
        {"tags": (), "open": True},
    )
    match made:
        case Ours(number, subject):
            assert (number, subject) == (1, "a")
    assert not hasattr(made, "__dict__")


def test_classes_of_one_field_of_a_type_and_of_none():
    class Nothing(NamedTuple):
        pass

    assert (One(3), Of(4), Nothing(), Other(1, "a").ref) == ((3,), (4,), (), "TIX-1")
    with pytest.raises(TypeError, match="has a default"):
        type(NamedTuple)("Late", (NamedTuple,), {"__annotations__": {"a": int, "b": int}, "a": 1})


def test_the_rest_runs_as_it_is_used():
    kinds = Literal["a", "b"]
    assert (get_args(kinds), cast("int", "x"), get_args(kinds | None)) == (("a", "b"), "x", ("a", "b"))
    told = Annotated[int | None, "about"]
    assert (told.__origin__, told.__metadata__) == (int | None, ["about"])
