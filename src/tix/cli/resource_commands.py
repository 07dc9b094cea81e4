"""Build the commands of a resource from its description: list, show, add, edit, rm."""

from __future__ import annotations

from collections.abc import Callable

from tix.cli.app import Command, Signature
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes.command import Writing
from tix.errors import UsageError
from tix.render.records.effects import with_effects
from tix.render.records.formats import Kind
from tix.render.records.resources import record
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.resources.resource import Attribute, Resource

# So many tickets are named to a person.
MOST_NAMED = 50


def _called(noun: Resource[Any]) -> str:
    """Return the title without its article: ``client``."""
    return noun.title.partition(" ")[2]


def kinds(noun: Resource[Any]) -> tuple[Kind, Kind]:
    """Return the fields that ``list`` and ``show`` print."""
    counts = ("open_tickets", "tickets") if noun.tickets else ()
    return Kind(noun.fields), Kind((*noun.fields, *noun.shown, *counts))


def commands(noun: Resource[Any], about: dict[str, str] | None = None) -> dict[str, Command]:
    """Return the five commands of a resource by name; ``about`` replaces some of the usual help lines."""
    title = _called(noun)
    plural = title[:-1] + "ies" if title.endswith("y") else title + "s"
    lines = {
        "list": f"List {plural}.",
        "show": f"Show one {title} and the number of its tickets." if noun.tickets else f"Show one {title}.",
        "add": f"Add {noun.title}.",
        "edit": f"Change {noun.title}.",
        "rm": f"Remove {noun.title} that is not in use.",
        **(about or {}),
    }
    made = {"list": _list(noun), "show": _show(noun), "add": _add(noun), "edit": _edit(noun), "rm": _rm(noun)}
    for name, command in made.items():
        command.function.__doc__ = lines[name]
    return made


def _list(noun: Resource[Any]) -> Command:
    kind = kinds(noun)[0]

    def list_(session: Session, **values: Any) -> None:
        printer = Printer(session, values["output"], kind)
        everything = values["all_"] or not printer.is_table
        found = session.records.resources(noun)
        printer.records(one for one, is_active in found if everything or is_active)

    every = Option("--all", help="Include inactive entries.")
    return Command(list_, pages=True, kind=kind, signature=Signature({"all_": (bool, every, False)}, _SETS))


def _show(noun: Resource[Any]) -> Command:
    kind = kinds(noun)[1]

    def show(session: Session, name: str, **values: Any) -> None:
        printer = Printer(session, values["output"], kind)
        printer.one(session.records.resource(noun, name, MOST_NAMED if printer.is_table else -1))

    return Command(show, pages=True, kind=kind, signature=Signature(_NAME, _SETS))


def _add(noun: Resource[Any]) -> Command:
    kind = kinds(noun)[0]

    def add(session: Session, name: str, **values: Any) -> None:
        from tix.cli.writes import written
        from tix.desk.resources import resource

        printer = Printer(session, values["output"], kind)
        desk = session.writer()
        given = _given(values)
        made = resource.add(desk, noun, name, given)
        found = record(noun, desk, made, tuple(noun.fields))
        called = found[kind.key]
        undo = None if resource.is_used(desk, noun, called) else ["tix", noun.name, "rm", called]
        written.created(
            session,
            printer,
            found,
            Said("Added {noun} {name}.", noun=Said.named("noun", _called(noun)), name=called),
            undo,
        )
        _advise(session, noun.advice(desk, made, given))

    options = {name: option for part in noun.parts for name, option in _options(part, changing=False).items()}
    return _writing(add, kind, {**_NAME, **options})


def _edit(noun: Resource[Any]) -> Command:
    kind = Kind(compared(noun))

    def edit(session: Session, name: str, **values: Any) -> None:
        from tix.cli.writes import resource_undo, written
        from tix.desk.resources import resource

        printer = Printer(session, values["output"], kind)
        given = _given(values)
        if all(value is None for value in given.values()):
            flag = f"--{noun.parts[0].name} …" if noun.parts else "--inactive"
            raise UsageError(
                Said("nothing to change"),
                hint=Said(
                    "for example: tix {name} edit '{name2}' {flag}", name=noun.name, name2=name, flag=flag
                ),
            )
        desk = session.writer()
        fields = compared(noun)
        with desk.store.writing():
            old = resource.before(desk, noun, name)
            before = {} if old is None else record(noun, desk, old, fields)
            value, changed = resource.edit(desk, noun, name, given)
        found = record(noun, desk, value, fields)
        called = _called(noun)
        written.updated(
            session,
            printer,
            before,
            found,
            f"{called[:1].upper()}{called[1:]} {found[kind.key]}",
            undo=resource_undo.of_edit(noun, before, found),
            changed=changed,
        )
        _advise(session, noun.advice(desk, value, given))

    active = Option("--active/--inactive", help="Activate or deactivate for new tickets.")
    options = {name: option for part in noun.parts for name, option in _options(part, changing=True).items()}
    return _writing(edit, kind, {**_NAME, **options, "active": (bool, active, None)})


def _advise(session: Session, advice: str | None) -> None:
    if advice is not None and not session.rehearses:
        session.say(advice)


def _rm(noun: Resource[Any]) -> Command:
    kind = Kind(compared(noun))

    def rm(session: Session, name: str, **values: Any) -> None:
        from tix.cli.writes import resource_undo, written
        from tix.desk.resources import resource

        printer = Printer(session, values["output"], kind)
        desk = session.writer()
        fields = compared(noun)
        with desk.store.writing():
            old = resource.before(desk, noun, name)
            before = {} if old is None else record(noun, desk, old, fields)
            gone = resource.remove(desk, noun, name)
        found = {**before, **record(noun, desk, gone, tuple(noun.fields))}
        undo = resource_undo.of_removal(noun, before)
        written.deleted(
            session,
            printer,
            found,
            Said("Removed {noun} {name}.", noun=Said.named("noun", _called(noun)), name=found[kind.key]),
            undo,
        )

    return _writing(rm, kind, _NAME)


def _writing(function: Callable[..., None], kind: Kind, declared: dict[str, Any]) -> Command:
    """Return a command that writes: with an effect, and to be tried and repeated."""
    return Writing(function, kind=with_effects(kind), signature=Signature(declared, _SETS))


def compared(noun: Resource[Any]) -> tuple[str, ...]:
    """Return the fields that tell what a write has changed: those that are printed, and what is kept apart."""
    apart = [part.column for part in noun.parts if part.apart]
    return (*noun.fields, *(name for name in apart if name not in noun.fields and name in noun.shown))


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the given values by attribute name."""
    return {name.replace("_", "-"): value for name, value in values.items() if name not in _SETS}


def _options(part: Attribute, *, changing: bool) -> dict[str, tuple[Any, Option, Any]]:
    """Return the options of an attribute by parameter, as (type, option, default)."""
    name = part.name.replace("-", "_")
    if not part.many:
        clears = changing and not part.needed and not part.apart
        words = part.help.rstrip(".") + ' ("none" clears it).' if clears else part.help
        return {name: (str, Option(f"--{part.name}", metavar=part.metavar, help=words), None)}
    added = {name: (list[str], Option(f"--{part.name}", metavar=part.metavar, help=part.help), None)}
    if not changing:
        return added
    taken = Option(
        f"--remove-{part.name}", metavar=part.metavar, help=f"Remove this {part.name}; repeatable."
    )
    return {**added, f"remove_{name}": (list[str], taken, None)}


_NAME = {"name": (str, Argument(metavar="NAME"), ...)}
_SETS = {"output": Output()}
