"""What one key does to a ticket in ``tix triage``: what is asked for it, and the use case.

Nothing is asked inside a transaction. A step is done only on the ticket that was looked at: if somebody else has
done something to it since, they say so and ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tix.cli.input import ask
from tix.cli.session import Session
from tix.domain.tickets.references import Reference
from tix.errors import TixError
from tix.namedtuples import NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Action
    from tix.domain.tickets.ticket import Ticket


class ShownTicket(NamedTuple):
    """A ticket as it was shown: ``seen`` is the last item's id, so that what came later is known."""

    ticket: Ticket
    seen: int
    context: str

    @property
    def reference(self) -> Reference:
        """Its name."""
        return Reference(self.ticket.prefix, self.ticket.number)


class Step(NamedTuple):
    """What a key does: what the summary counts it as, whether the next ticket comes then, and the action.

    ``text`` is what was written for it.
    """

    counted: str
    goes_on: bool
    action: Action
    text: str | None = None


def undo(desk: Desk, ref: str, at: int) -> None:
    """Takes back the step of that ticket and moment, which has to be the last command. Raises Refused."""
    from tix.desk.tickets import undo as ticket_undo
    from tix.errors import Refused

    def told(undone: Any) -> None:
        if [one.ticket.ref for one in undone.outcomes] != [ref] or undone.at != at:
            raise Refused(
                "your last command was a different one, run elsewhere", hint="to see it: tix undo --dry-run"
            )

    ticket_undo.undo(desk, told=told)


# ------------------------------------------------------------------------------------------- what is asked


class PromptStyle(NamedTuple):
    """How to prompt; ``plain`` uses plain lines only."""

    session: Session
    plain: bool
    color: bool

    def line(self, question: str, words: Sequence[str] = ()) -> str:
        """One line, blanks at its ends off; the tab key completes from ``words``. Raises Interrupted."""
        offered = [ask.Candidate(word, word, 0) for word in words]

        def candidates(typed: str) -> list[ask.Candidate]:
            fitting = [one for one in offered if one.text.startswith(typed)]
            return [one._replace(replaced=len(typed)) for one in fitting]

        return ask.line(
            question, color=self.color, candidates=candidates if words else None, plain=self.plain
        ).strip()

    def text(self, what: str, looked: ShownTicket) -> str | None:
        """A text: one line, or with Enter alone the editor; None where none was written."""
        from tix.cli.input.content import checked
        from tix.cli.input.editor import compose

        early = self.session.early
        label = f"{what}.{looked.ticket.number}"
        try:
            typed = self.line(f"{what.capitalize()} (Enter: open your editor):")
        except TixError as stopped:
            if getattr(stopped, "typed", "").strip():
                early.typed = (label, stopped.typed, True)  # type: ignore[attr-defined]  # an Interrupted
            raise
        if not typed:
            return compose(self.session, label, "", looked.context)
        early.typed = (label, typed, True)
        return checked(typed)


class KeyContext(NamedTuple):
    """The state in which a key is pressed."""

    desk: Desk
    asking: PromptStyle
    looked: ShownTicket


Maker = Callable[[KeyContext], Step | None]


def _reply(at: KeyContext) -> Step | None:
    from tix.desk.tickets import reply

    body = at.asking.text("reply", at.looked) or ""
    return Step("answered", True, lambda desk, reference: reply.reply(desk, reference, body), body)


def _canned(at: KeyContext) -> Step | None:
    from tix.cli.tickets import canned
    from tix.desk.resources import registry
    from tix.desk.tickets import reply

    names = [one.name for one in registry.visible(at.desk, "canned") if one.active]
    name = at.asking.line(f"Canned reply ({', '.join(names) or 'none yet'}):", names)
    if not name:
        return None
    ready = canned.ready_made(at.desk, name)
    return Step(
        "answered",
        True,
        lambda desk, reference: reply.reply(desk, reference, canned.whole(desk, reference, ready, "")),
    )


def _note(at: KeyContext) -> Step | None:
    from tix.desk.tickets import reply

    body = at.asking.text("note", at.looked) or ""
    return Step("noted", False, lambda desk, reference: reply.note(desk, reference, body), body)


def _take(at: KeyContext) -> Step | None:
    from tix.desk.tickets.reply import assignment

    return Step("assigned", False, assignment(at.desk, "@me"))


def _give(at: KeyContext) -> Step | None:
    from tix.desk import people
    from tix.desk.tickets.reply import assignment

    names = [one.login for one in people.holders(at.desk)]
    who = at.asking.line("Assign to (a login, team:NAME, none):", names)
    return Step("assigned", True, assignment(at.desk, who)) if who else None


def _priority(at: KeyContext) -> Step | None:
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    names = [one.name for one in reversed(at.desk.priorities())]
    word = at.asking.line(f"Priority ({', '.join(names)}):", names)
    if not word:
        return None
    wanted = Edit({}, at.desk.priority(word))
    return Step("changed", False, lambda desk, reference: edit.edit(desk, reference, wanted))


def _status(at: KeyContext) -> Step | None:
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    workflow = at.desk.rules_of(at.looked.ticket).workflow
    names = [one.name for one in workflow.statuses]
    word = at.asking.line(f"Status ({', '.join(names)}):", names)
    if not word:
        return None
    over = workflow.find_status(word).phase != "open"
    moves = edit.NewPlaces(status=word)
    return Step(
        "closed" if over else "changed",
        over,
        lambda desk, reference: edit.edit(desk, reference, Edit({}), moves),
    )


def _snooze(at: KeyContext) -> Step | None:
    from tix.desk.tickets import status

    word = at.asking.line("Snooze until (+3d, tomorrow 9am, fri 14:00):")
    if not word:
        return None
    until = status.parse_until(at.desk, word)
    return Step("snoozed", True, lambda desk, reference: status.snooze(desk, reference, until))


# The key, what it does in a word, and what makes the step.
KEYS: dict[str, tuple[str, Maker]] = {
    "r": ("reply", _reply),
    "c": ("canned reply", _canned),
    "n": ("note", _note),
    "a": ("assign to me", _take),
    "g": ("assign to", _give),
    "p": ("priority", _priority),
    "s": ("status", _status),
    "z": ("snooze", _snooze),
}
