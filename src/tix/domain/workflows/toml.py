"""Workflows as people write them: TOML, read strictly and written with explanations.

Reading checks the form: the keys, the types of their values, and the words on which the program branches. Whether
the workflow makes sense is checked separately (``domain/workflows/validation.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.durations import parse_duration
from tix.domain.times import format_duration
from tix.domain.workflows import toml_table
from tix.domain.workflows.toml_table import Table
from tix.domain.workflows.validation import ACTORS, COLOURS, PHASES, TRIGGERS, label_of
from tix.domain.workflows.workflow import VERBS, Phase, Status, Transition, Trigger, Who, Workflow
from tix.errors import InvalidValue
from tix.typing import cast

_TOP = ("name", "title", "auto_close_after", "rated_in", "claim_on_reply", "status", "rule", "hints")
_STATUS = ("name", "phase", "label", "colour", "aliases", "sla", "final")
_RULE = ("on", "from", "to", "by")
_WHO: tuple[Who, ...] = ("staff", "requester", "anyone", "system")
_OVER: tuple[Phase, ...] = ("resolved", "closed")
_MANY = ("any-open", "any")


def parse(text: str) -> Workflow:
    """Return the workflow that ``text`` describes; it is not validated.

    Raises InvalidValue if it is not TOML, with the line if that is known, and if a table has an unknown key,
    lacks one, or holds a value of another type, naming the table and the key.
    """
    top = toml_table.read(text, "the workflow")
    _refuse_strange(top, _TOP)
    statuses = tuple([_status(table) for table in top.tables("status", "name")])
    return Workflow(
        top.text("name"),
        top.text("title"),
        statuses,
        tuple([_rule(table, statuses) for table in top.tables("rule", "on")]),
        _rated_in(top, statuses),
        _window_seconds(top),
        top.flag("claim_on_reply"),
        _hints(top.table("hints")),
    )


def write(workflow: Workflow) -> str:
    """Return ``workflow`` as TOML that ``parse`` can read, with comments that explain the format."""
    blocks = [
        _ABOUT,
        f"name = {_quoted(workflow.name)}\ntitle = {_quoted(workflow.title)}",
        f"{_ABOUT_WINDOW}\nauto_close_after = {_quoted(_duration(workflow.window_seconds))}",
        f"{_ABOUT_RATING}\nrated_in = {_list(workflow.rated_in)}",
        f"{_ABOUT_CLAIMING}\nclaim_on_reply = {_boolean(workflow.claims)}",
        _ABOUT_STATUSES,
        *(_status_block(status) for status in workflow.statuses),
        _ABOUT_RULES,
        *(_rule_block(rule, workflow.statuses) for rule in workflow.rules),
    ]
    if workflow.hints:
        hints = [f"{trigger} = {_quoted(instead)}" for trigger, instead in workflow.hints]
        blocks.append("\n".join([_ABOUT_HINTS, "[hints]", *hints]))
    return "\n\n".join(blocks) + "\n"


# --------------------------------------------------------------------------------------------------- reading


def _refuse_strange(table: Table, known: Sequence[str]) -> None:
    key = table.strange(known)
    if key is None:
        return
    hint = toml_table.nearest(key, known)
    if key in _TOP:  # in TOML, everything below a [[rule]] belongs to that rule
        hint = f"'{key}' belongs to the workflow itself: write it above the first [[status]]"
    raise InvalidValue(f"{table.called} has no key '{key}'", hint=hint)


def _status(table: Table) -> Status:
    _refuse_strange(table, _STATUS)
    name = table.text("name")
    return Status(
        name,
        cast("Phase", table.word("phase", PHASES)),
        table.text("label", label_of(name)),
        table.text("colour", ""),
        table.texts("aliases"),
        table.word("sla", ("running", "paused"), "running") == "paused",
        table.flag("final"),
    )


def _rule(table: Table, statuses: tuple[Status, ...]) -> Transition:
    _refuse_strange(table, _RULE)
    trigger = cast("Trigger", table.word("on", TRIGGERS))
    return Transition(
        trigger,
        _sources(table, statuses),
        table.text("to"),
        cast("Who", table.word("by", _WHO, ACTORS[trigger][0])),
    )


def _sources(table: Table, statuses: tuple[Status, ...]) -> tuple[str, ...]:
    """Return ``from``: a list of statuses, or a word for many of them."""
    written = table.values.get("from")
    if written is None:
        raise InvalidValue(f"{table.called} has no 'from'")
    if isinstance(written, str):
        if written not in _MANY:
            raise table.refusal("from", f'"any-open", "any", or a list, e.g. ["{written}"]')
        return _every(written, statuses)
    sources = table.texts("from")
    for word in sources:
        if word in _MANY and word not in [status.name for status in statuses]:
            raise InvalidValue(
                f"'from' of {table.called} is a list, where '{word}' would be the name of a status",
                hint=f'for all of them, write it without brackets: from = "{word}"',
            )
    return sources


def _every(word: str, statuses: tuple[Status, ...]) -> tuple[str, ...]:
    """Return what ``any-open`` and ``any`` stand for; nothing leads out of a final status, so those are left out."""
    return tuple(
        [status.name for status in statuses if not status.final and (word == "any" or status.phase == "open")]
    )


def _rated_in(top: Table, statuses: tuple[Status, ...]) -> tuple[Phase, ...]:
    if "rated_in" in top.values:
        return cast("tuple[Phase, ...]", top.words("rated_in", _OVER))
    return tuple([phase for phase in _OVER if any(status.phase == phase for status in statuses)])


def _window_seconds(top: Table) -> int:
    if "auto_close_after" not in top.values:
        return int(Workflow._field_defaults["window_seconds"])
    written = top.text("auto_close_after")
    try:
        return parse_duration(written)
    except InvalidValue as error:
        raise InvalidValue(f"'auto_close_after' of the workflow: {error.message}", hint=error.hint) from error


def _hints(table: Table) -> tuple[tuple[Trigger, str], ...]:
    _refuse_strange(table, VERBS)
    return tuple([(cast("Trigger", trigger), table.word(trigger, VERBS)) for trigger in table.values])


# --------------------------------------------------------------------------------------------------- writing

_ABOUT = """\
# A tix workflow: its statuses, and how tickets move between them.
#   tix workflow check FILE   checks it and prints its table
#   tix workflow add FILE     adds it to the desk
#   tix workflow use NAME     moves every ticket to it
# The name is one word of lower-case letters, digits and dashes; the title is one line of text."""

_ABOUT_WINDOW = """\
# How long a resolved ticket waits until it closes automatically, where a rule on "elapsed" says so:
# "72h", "3d", "90m"; "0" means never. Default: "72h"."""

_ABOUT_RATING = """\
# Phases in which the requester can rate the ticket. Default: resolved and closed, where they exist."""

_ABOUT_CLAIMING = """\
# Whether the first staff reply assigns an unassigned ticket to its author. Default: false."""

_ABOUT_STATUSES = f"""\
# ---- Statuses. A ticket starts in the first one, which must be in the phase "open".
#   name     what people type: lower-case letters, digits, dashes
#   phase    open (somebody has to act), resolved (staff consider it solved) or closed (finished)
#   label    what people read. Default: the name
#   colour   {", ".join(COLOURS[:6])}, the same with the prefix bright_, or
#            bright_black, which is grey. Default: the colour of the phase
#   aliases  other names that people can type for it
#   sla      "paused" pauses the SLA while a ticket has this status. Default: "running"
#   final    true: nothing can follow, not even a reply. Default: false"""

_ABOUT_RULES = """\
# ---- Rules. The first rule that matches counts; if none matches, the desk refuses. A reply without a
# matching rule changes no status. Staff can always set another open status by name, without a rule.
#   on    staff-replied, requester-replied, start, hold, resolve, close, reopen, or elapsed (time has passed)
#   from  a list of statuses, or "any-open", or "any" (all except final ones)
#   to    a status
#   by    who can do it: staff, requester or anyone, for close and reopen. Default: staff. The others have one
#         possible value: requester for requester-replied, system for elapsed, staff for everything else"""

_ABOUT_HINTS = """\
# ---- Hints. For a verb without a rule: the verb to use instead."""


def _status_block(status: Status) -> str:
    lines = [
        "[[status]]",
        f"name = {_quoted(status.name)}",
        f"phase = {_quoted(status.phase)}",
        f"label = {_quoted(status.label)}",
    ]
    if status.colour:
        lines.append(f"colour = {_quoted(status.colour)}")
    if status.aliases:
        lines.append(f"aliases = {_list(status.aliases)}")
    if status.pauses:
        lines.append('sla = "paused"')
    if status.final:
        lines.append("final = true")
    return "\n".join(lines)


def _rule_block(rule: Transition, statuses: tuple[Status, ...]) -> str:
    words = [word for word in _MANY if len(rule.sources) > 1 and rule.sources == _every(word, statuses)]
    return "\n".join(
        [
            "[[rule]]",
            f"on = {_quoted(rule.trigger)}",
            f"from = {_quoted(words[0]) if words else _list(rule.sources)}",
            f"to = {_quoted(rule.target)}",
            f"by = {_quoted(rule.by)}",
        ]
    )


def _duration(seconds: int) -> str:
    """Return whole hours up to a week as hours, as the settings are written: ``72h``."""
    if 0 < seconds < 604_800 and seconds % 3_600 == 0:
        return f"{seconds // 3_600}h"
    return format_duration(seconds)


def _quoted(text: str) -> str:
    """Return a basic string of TOML: JSON's, except for the one control character that JSON does not escape."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(word) for word in words)}]"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
