"""Typer commands, built from the declarations: they explain mistakes and run what ``cli.parser`` leaves.

Typer builds every parameter of a command on each run, and all of them would cost more than everything else together:
a group builds only the command that is needed.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, NoReturn

import typer
import typer.core
import typer.main
from typer._click.exceptions import ClickException, NoSuchOption, UsageError
from typer.models import CommandInfo, TyperInfo

from tix.cli import declared, parser
from tix.cli.app import Command, Words
from tix.cli.commands import ALIASES, COMMANDS, HIDDEN
from tix.cli.declared import Node, Parameter
from tix.cli.help import names
from tix.cli.parameters import Argument
from tix.cli.parser import HELP, HELP_OPTIONS
from tix.cli.session import Invocation
from tix.errors import UsageError as WrongUsage
from tix.words.sentence import Said


def run(early: Invocation) -> int:
    """Run one command line and return its exit status. Raises UsageError, and what the command raises."""
    group = root()
    try:
        with group.make_context("tix", list(early.argv), obj=early) as ctx:
            result = group.invoke(ctx)
    except typer.Exit as done:
        return int(done.exit_code)
    except ClickException as error:
        raise _mistake(error, early.argv) from error
    return result if isinstance(result, int) else 0


def _mistake(error: ClickException, argv: Sequence[str]) -> WrongUsage:
    """Return a command line that was refused as one of our failures."""
    said = error.format_message()
    hint: str | None = None
    if "unexpected extra argument" in said and "--attach" in argv:
        hint = Said("repeat --attach for each file")
    elif isinstance(error, NoSuchOption):
        return _unknown_option(error)
    elif isinstance(error, UsageError) and error.ctx is not None:
        hint = f"{error.ctx.command_path} --help"
    return WrongUsage(_in_our_words(error, said.rstrip(".")), hint=hint)


def _in_our_words(error: ClickException, said: str) -> str:
    """Return what Typer says, as a sentence that has other languages where it is a frequent one."""
    option = getattr(error, "option_name", None)
    if option is not None and said == f"Option {option!r} requires an argument":
        return Said("Option '{option}' requires an argument", option=option)
    if said.startswith("Missing argument '") and said.endswith("'"):
        return Said("Missing argument '{name}'", name=said[len("Missing argument '") : -1])
    if said.startswith("Missing option '") and said.endswith("'"):
        return Said("Missing option '{name}'", name=said[len("Missing option '") : -1])
    if said.startswith("Invalid value for '"):
        option, _, reason = said.removeprefix("Invalid value for '").partition("': ")
        return Said("Invalid value for '{option}': {reason}", option=option, reason=reason)
    one, many = "Got unexpected extra argument (", "Got unexpected extra arguments ("
    if said.startswith(one) and said.endswith(")"):
        return Said("Got unexpected extra argument ({words})", words=said[len(one) : -1])
    if said.startswith(many) and said.endswith(")"):
        return Said("Got unexpected extra arguments ({words})", words=said[len(many) : -1])
    return said


def _unknown_option(error: NoSuchOption) -> WrongUsage:
    known: list[str] = []
    hint = None
    if error.ctx is not None:
        for one in error.ctx.command.params:
            known += [*one.opts, *one.secondary_opts]
        hint = names.near_option(error.option_name, known) or f"{error.ctx.command_path} --help"
    return WrongUsage(Said("No such option: {option}", option=error.option_name), hint=hint)


# ------------------------------------------------------------------------------------------------- commands


def root() -> Any:
    """Return the root command."""
    info = TyperInfo(
        typer.Typer(),
        name="tix",
        cls=Lazy,
        callback=_ROOT,
        invoke_without_command=True,
        context_settings={"help_option_names": list(HELP_OPTIONS)},
        help="A help desk in the terminal.",
        epilog="tix COMMAND --help explains a command; tix 12 shows ticket 12.",
    )
    group = typer.main.get_group_from_info(
        info, pretty_exceptions_short=False, suggest_commands=False, rich_markup_mode=None
    )
    group.table = COMMANDS  # type: ignore[attr-defined]  # a Lazy
    return group


def _build(name: str, node: Node, about: str, epilog: str | None) -> Any:
    if isinstance(node, dict):
        return _noun_group(name, about, epilog, node)
    settings = {}
    if isinstance(node, Words):  # no option is known there, not even --help
        settings = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}
    info = CommandInfo(
        name=name,
        cls=Explained,
        callback=_words_callback(node) if isinstance(node, Words) else _callback(node),
        help=node.help,
        context_settings=settings,
        epilog=getattr(node, "epilog", None),
    )
    return typer.main.get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


class Explained(typer.core.TyperCommand):
    """A command whose help is our page. Its ``--json`` may stand alone, or have fields behind it."""

    def get_help(self, ctx: Any) -> str:
        _explain(ctx)

    def make_parser(self, ctx: Any) -> Any:
        made: Any = super().make_parser(ctx)
        match, command = made._match_long_opt, _whole_name(ctx)  # noqa: SLF001  # click has no such options

        def match_long(option: str, value: str | None, state: Any) -> None:
            known = made._long_opt.get(option)  # noqa: SLF001  # as above
            if option == "--json" and known is not None and known.takes_value and value is None:
                value = None if parser.names_fields(command, state.rargs[:1]) else parser.ALONE
            match(option, value, state)

        made._match_long_opt = match_long  # noqa: SLF001  # as above
        return made


class Lazy(typer.core.TyperGroup):
    """A group with a table of commands that builds only the command it needs."""

    table: Mapping[str, tuple[str, str]] = MappingProxyType({})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.table)

    def get_help(self, ctx: Any) -> str:
        _explain(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = ALIASES.get(cmd_name, cmd_name)
        found = self.table.get(name) or HIDDEN.get(name)
        if found is None:
            return None
        node = declared.load(name)
        return _build(name, node, found[1], sys.modules[found[0]].__doc__)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """``tix 12`` is ``tix show 12``; an unknown word gets the nearest command."""
        word = args[0]
        if word not in self.table and word not in HIDDEN and word not in ALIASES:
            from tix.domain.tickets.references import looks_like_reference

            if looks_like_reference(word):
                args = ["show", *args]
            elif not word.startswith("-"):
                raise _unknown_command(ctx, word, self.table, "tix")
        return super().resolve_command(ctx, args)


class NounGroup(typer.core.TyperGroup):
    """A resource command such as ``tix user``: subcommands are built on demand, and the first one is the default."""

    nodes: Mapping[str, Node] = MappingProxyType({})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.nodes)

    def get_help(self, ctx: Any) -> str:
        _explain(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        node = self.nodes.get(cmd_name)
        if node is None:
            return None
        about = f"{(self.name or '').capitalize()} {cmd_name}: {declared.summary(node)}."
        return _build(cmd_name, node, about, None)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Without a subcommand, run the first one: ``tix user --json`` lists."""
        if not args or (args[0].startswith("-") and args[0] not in HELP_OPTIONS):
            args = [next(iter(self.nodes)), *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.nodes and not args[0].startswith("-"):
            raise _unknown_command(ctx, args[0], self.nodes, ctx.command_path)
        return super().resolve_command(ctx, args)


def _noun_group(name: str, about: str, epilog: str | None, nodes: dict[str, Any]) -> Any:
    """The group of a resource command; a subcommand may be a group itself (``tix topic field add``)."""
    info = TyperInfo(typer.Typer(), name=name, cls=NounGroup, callback=_NOUN, help=about, epilog=epilog)
    group = typer.main.get_group_from_info(
        info, pretty_exceptions_short=False, suggest_commands=False, rich_markup_mode=None
    )
    group.nodes = nodes  # type: ignore[attr-defined]  # a NounGroup
    return group


def _unknown_command(ctx: Any, word: str, known: Any, before: str) -> WrongUsage:
    error = WrongUsage(
        Said("'{word}' is not a command", word=word), hint=names.near_command(word, known, before)
    )
    near = error.hint.removeprefix(f"did you mean {before} ").rstrip("?") if error.hint else ""
    if near in known:
        argv = ctx.obj.argv
        at = argv.index(word)
        error.fix = ["tix", *argv[:at], near, *argv[at + 1 :]]
    return error


def _explain(ctx: Any) -> NoReturn:
    """Print the page of a command or a group."""
    name = _whole_name(ctx)
    help_command: Any = declared.load(HELP)
    help_command.run(ctx.obj, HELP, {"words": name.split()} if name else {})
    raise typer.Exit


# ------------------------------------------------------------------------------------------------ callbacks


def _callback(command: Command) -> Callable[..., Any]:
    """Return what Typer calls; its signature has every parameter by a name of its own."""
    known = {one.field: one for one in declared.parameters(command)}

    def callback(ctx: Any, **values: Any) -> Any:
        given = {known[name].name: value for name, value in values.items() if _was_given(ctx, name)}
        early: Invocation = ctx.obj
        early.given.update(_taken_globals(given))
        return command.run(early, _whole_name(ctx), given)

    return _signed(callback, list(known.values()))


def _words_callback(command: Words) -> Callable[..., Any]:
    def callback(ctx: Any, words: list[str] | None) -> Any:
        return command.run(ctx.obj, _whole_name(ctx), {"words": words or []})

    argument = Parameter("words", Argument(metavar="WORD…"), str, True, None)
    return _signed(callback, [argument])


def _root(ctx: Any, **values: Any) -> Any:
    """Keep the global options given before the command; ``tix`` alone shows the first screen."""
    early: Invocation = ctx.obj
    if values.pop("version", False):
        from tix import __version__

        sys.stdout.write(f"tix {__version__}\n")
        raise typer.Exit
    early.given.update({name: value for name, value in values.items() if _was_given(ctx, name)})
    if ctx.invoked_subcommand is None and ctx.parent is None:
        from tix.cli import home

        if not sys.stdout.isatty():
            _explain(ctx)
        return home.command.run(early, "", {})
    return None


def _was_given(ctx: Any, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and bool(source.name == "COMMANDLINE")


def _taken_globals(given: dict[str, Any]) -> dict[str, Any]:
    """Remove the global options from what was given, and return them by field."""
    return {name[1:]: given.pop(name) for name in list(given) if name.startswith(".")}


def _whole_name(ctx: Any) -> str:
    """The whole name of a command, whatever alias was typed: ``user list``."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.command.name)
        ctx = ctx.parent
    return " ".join(reversed(names))


def _signed(callback: Callable[..., Any], parameters: Sequence[Parameter]) -> Callable[..., Any]:
    """Return the callback with the signature that Typer reads."""
    signature = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    signature += [
        inspect.Parameter(
            one.field,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[_annotation(one), _typer(one)],
            default=inspect.Parameter.empty if one.is_required else one.default,
        )
        for one in parameters
    ]
    callback.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]  # a function's own
    callback.__annotations__ = {}
    return callback


def _annotation(parameter: Parameter) -> Any:
    one = list[parameter.type] if parameter.many else parameter.type  # type: ignore[name-defined]  # at run time
    return one | None if parameter.default is None else one


def _typer(parameter: Parameter) -> Any:
    told = parameter.declared
    if isinstance(told, Argument):
        return typer.Argument(metavar=told.metavar, help=told.help)
    return typer.Option(*told.names, metavar=told.metavar, help=told.help, min=told.min, max=told.max)


def _group_callback(*extra: Parameter) -> Callable[..., Any]:
    def callback(ctx: Any, **values: Any) -> Any:
        return _root(ctx, **values)

    return _signed(callback, [*extra, *declared.global_parameters()])


_ROOT = _group_callback(declared.VERSION)
_NOUN = _group_callback()
