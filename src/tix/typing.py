"""The parts of ``typing`` that run, without importing it: that takes longer than the queue.

Type checkers see ``typing`` itself. What runs is the least that the program needs: annotations are never looked at,
but for those of options (``Annotated``) and the values of a ``Literal``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO as IO
    from typing import Annotated as Annotated
    from typing import Any as Any
    from typing import BinaryIO as BinaryIO
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import Self as Self
    from typing import TextIO as TextIO
    from typing import TypeAlias as TypeAlias
    from typing import TypeVar as TypeVar
    from typing import cast as cast
    from typing import get_args as get_args
else:
    from collections import _tuplegetter

    Any = BinaryIO = NoReturn = Self = TextIO = TypeAlias = object

    class Annotated:
        """A type and what is declared about it."""

        def __class_getitem__(cls, parts):
            made = object.__new__(cls)
            made.__origin__, *made.__metadata__ = parts
            return made

    class Literal:
        """``Literal["a", "b"]`` is the type of its values; ``get_args`` returns them."""

        def __class_getitem__(cls, values):
            made = object.__new__(cls)
            made.__args__ = values if type(values) is tuple else (values,)
            return made

        def __or__(self, other):
            return self

        __ror__ = __or__

    class Generic:
        """A class whose type parameters are for type checkers."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    IO = Generic

    class Protocol:
        """A class whose methods others have."""

    class TypeVar:
        """A type parameter."""

        def __init__(self, name, *constraints, **bounds):
            self.__name__ = name

        def __or__(self, other):
            return self

        __ror__ = __or__

    def cast(_, value):
        """Return the value."""
        return value

    def get_args(alias):
        """Return the values of a Literal."""
        return alias.__args__

    _new = tuple.__new__
    # So many instances are made without compiling a constructor, which takes as long as making fifty.
    _FEW = 5

    class _Maker(type):
        """Make a class of annotated fields a tuple with names, if it is a direct subclass of NamedTuple."""

        def __prepare__(name, bases, **_keywords):
            return {"__slots__": ()}

        def __init__(cls, name, bases, body):
            super().__init__(name, bases, body)
            if "_fields" in body or NamedTuple not in bases:
                return
            fields = tuple(cls.__annotations__)
            defaults = {field: body[field] for field in fields if field in body}
            late = [field for field in fields[: len(fields) - len(defaults)] if field in defaults]
            if late:
                raise TypeError(f"{name}: {late[0]} has a default, and a field behind it has none")
            cls._fields = cls.__match_args__ = fields
            cls._field_defaults = defaults
            cls._calls = 0
            for place, field in enumerate(fields):
                setattr(cls, field, _tuplegetter(place, None))

    class NamedTuple(tuple, metaclass=_Maker):
        """A tuple with named fields. Its constructor is compiled when it is called often: that of ``typing`` takes 0.2 ms a class."""

        _fields = ()

        def __new__(cls, *values, **named):
            """Fill in what is missing; from the fifth call on, a compiled constructor does it."""
            made = next(one for one in cls.__mro__ if "_field_defaults" in one.__dict__)
            made._calls += 1
            missing = made._fields[len(values) :]
            whole = {**made._field_defaults, **named}
            if made._calls < _FEW and len(named) <= len(missing) and whole.keys() >= {*missing, *named}:
                found = _new(cls, (*values, *[whole.pop(field) for field in missing]))
                if len(found) == len(made._fields) and named.keys().isdisjoint(whole):
                    return found
            made.__new__ = _constructor(made)  # it also says what is wrong
            return made.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, values):
            made = _new(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
            return made

        def _replace(self, /, **changes):
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)

    def _constructor(cls):
        """Compile ``__new__`` with the fields as its parameters, as ``collections.namedtuple`` does."""
        parameters = "".join(f", {name}" for name in cls._fields)
        values = "".join(f"{name}, " for name in cls._fields)
        new = eval(f"lambda _cls{parameters}: _new(_cls, ({values}))", {"_new": _new})  # noqa: S307  # our own fields
        new.__defaults__ = tuple(cls._field_defaults.values())
        new.__name__ = "__new__"
        new.__qualname__ = f"{cls.__qualname__}.__new__"
        return staticmethod(new)
