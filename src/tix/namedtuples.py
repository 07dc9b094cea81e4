"""NamedTuple as ``typing`` has it, made in a twentieth of the time.

``typing.NamedTuple`` compiles a constructor for each class and keeps a forward reference for each annotation: 0.2 ms,
and a command has some forty of them. Here a constructor is compiled when its class is first called. Type checkers see
``typing.NamedTuple``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter

    _new = tuple.__new__

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
            for place, field in enumerate(fields):
                setattr(cls, field, _tuplegetter(place, None))

    class NamedTuple(tuple, metaclass=_Maker):
        """The base of tuples with named fields."""

        _fields = ()

        def __new__(cls, *values, **named):
            made = next(one for one in cls.__mro__ if "_field_defaults" in one.__dict__)
            made.__new__ = _constructor(made)
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
