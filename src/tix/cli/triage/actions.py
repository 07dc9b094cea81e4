"""What one key does to a ticket in ``tix triage``: what is asked for it, and the use case.

Nothing is asked inside a transaction. A step is done only on the ticket that was looked at: if somebody else has
done something to it since, they say so and ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.cli.input import ask
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change
from tix.domain.tickets.references import Reference, parse_reference
from tix.errors import TixError
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.desks.triage import Triage
    from tix.desk.tickets.outcome import Action


class ShownTicket(NamedTuple):
    """A ticket as it was shown: ``seen`` is the last entry's id, so that what came later is known."""

    ticket: dict[str, Any]
    seen: int
    context: str

    @property
    def reference(self) -> Reference:
        """Its name."""
        return parse_reference(self.ticket["ref"])


class Step(NamedTuple):
    """What a key does: what the summary counts it as, whether the next ticket comes then, and the change.

    ``goes_on`` is None where the next ticket comes if this one is over then, and counts as closed. ``text`` is what was
    written for it.
    """

    counted: str
    goes_on: bool | None
    change: Change
    text: str | None = None


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
        label = f"{what}.{looked.ticket['number']}"
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

    desk: Triage
    asking: PromptStyle
    looked: ShownTicket

    @property
    def session(self) -> Session:
        """The session of the command."""
        return self.asking.session


Maker = Callable[[KeyContext], Step | None]


def _reply(at: KeyContext) -> Step | None:
    from tix.desk.tickets import reply

    body = at.asking.text("reply", at.looked) or ""
    change = Change(
        lambda: lambda desk, ticket: reply.reply(desk, ticket, body), "replies", {"message": body}
    )
    return Step("answered", True, change, body)


def _canned(at: KeyContext) -> Step | None:
    from tix.cli.tickets import canned
    from tix.desk.tickets import reply

    names = at.desk.choices()["canned"]
    name = at.asking.line(f"Canned reply ({', '.join(names) or 'none yet'}):", names)
    if not name:
        return None

    def action() -> Action:
        ready = canned.ready_made(at.session.writer(), name)
        return lambda desk, ticket: reply.reply(desk, ticket, canned.whole(desk, ticket, ready, ""))

    return Step("answered", True, Change(action, "replies", {"canned": name}))


def _note(at: KeyContext) -> Step | None:
    from tix.desk.tickets import reply

    body = at.asking.text("note", at.looked) or ""
    change = Change(lambda: lambda desk, ticket: reply.note(desk, ticket, body), "notes", {"message": body})
    return Step("noted", False, change, body)


def _assigned(at: KeyContext, who: str, *, goes_on: bool) -> Step:
    from tix.desk.tickets.reply import assignment

    change = Change(lambda: assignment(at.session.writer(), who), "assign", {"assignee": who})
    return Step("assigned", goes_on, change)


def _take(at: KeyContext) -> Step | None:
    return _assigned(at, "@me", goes_on=False)


def _give(at: KeyContext) -> Step | None:
    names = at.desk.choices()["assignees"]
    who = at.asking.line("Assign to (a login, team:NAME, none):", names)
    return _assigned(at, who, goes_on=True) if who else None


def _priority(at: KeyContext) -> Step | None:
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    names = at.desk.choices()["priorities"]
    word = at.asking.line(f"Priority ({', '.join(names)}):", names)
    if not word:
        return None

    def action() -> Action:
        wanted = Edit({}, at.session.writer().priority(word))
        return lambda desk, ticket: edit.edit(desk, ticket, wanted)

    return Step("changed", False, Change(action, "edit", {"priority": word}))


def _status(at: KeyContext) -> Step | None:
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    names = at.desk.choices(at.looked.reference)["statuses"]
    word = at.asking.line(f"Status ({', '.join(names)}):", names)
    if not word:
        return None
    moves = edit.NewPlaces(status=word)
    change = Change(
        lambda: lambda desk, ticket: edit.edit(desk, ticket, Edit({}), moves), "edit", {"status": word}
    )
    return Step("changed", None, change)


def _snooze(at: KeyContext) -> Step | None:
    from tix.desk.tickets import status

    word = at.asking.line("Snooze until (+3d, tomorrow 9am, fri 14:00):")
    if not word:
        return None

    def action() -> Action:
        until = status.parse_until(at.session.writer(), word)
        return lambda desk, ticket: status.snooze(desk, ticket, until)

    remote = at.session.remote
    body = {"until": word if remote is None else remote.until(word)}
    return Step("snoozed", True, Change(action, "snooze", body))


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
