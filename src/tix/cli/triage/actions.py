"""What one key does to a ticket in ``tix triage``: what is asked for it, and the use case.

Nothing is asked inside a transaction, and nobody outside the desk hears of anything that was not confirmed. A step is
done only on the ticket that was looked at: if somebody else has done something to it since, they say so and ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.cli.input import ask
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change
from tix.cli.triage import changes
from tix.domain.tickets.references import Reference, parse_reference
from tix.errors import InvalidValue, NotFound, TixError, UnknownName
from tix.render.safe import safe_line
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said, shown

if TYPE_CHECKING:
    from tix.cli.desks.triage import Triage
    from tix.domain.workflows.workflow import Trigger


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

    ``goes_on`` is None where the next ticket comes if this one is over then, and counts as closed. ``agreed`` is the
    change to make where the desk asks for a confirmation, and it is given.
    """

    counted: str
    goes_on: bool | None
    change: Change
    agreed: Change | None = None


# ------------------------------------------------------------------------------------------- what is asked


class PromptStyle(NamedTuple):
    """How to prompt; ``plain`` uses plain lines only."""

    session: Session
    plain: bool
    color: bool

    def line(self, question: str, words: Sequence[str] = (), typed: str = "") -> str:
        """One line, blanks at its ends off; the tab key completes from ``words``, and ``typed`` stands there at first.

        What was typed before the question is thrown away. Raises Interrupted.
        """
        offered = [ask.Candidate(word, word, 0) for word in words]

        def candidates(before: str) -> list[ask.Candidate]:
            fitting = [one for one in offered if one.text.lower().startswith(before.lower())]
            return [one._replace(replaced=len(before)) for one in fitting]

        ask.forget_typed()
        found = candidates if words else None
        return ask.line(question, color=self.color, candidates=found, plain=self.plain, typed=typed).strip()

    def key(self, question: str) -> str:
        """One key, in lower case: Enter is a line end, Esc its own code. In plain lines the first letter of a line.

        What was typed before the question is thrown away. Raises Interrupted.
        """
        ask.forget_typed()
        if self.plain:
            word = ask.line(question, plain=True).strip().lower()
            return "\x1b" if word in ("esc", "n", "no") else word[:1] or "\n"
        from tix.cli.input import keys

        with ask.ended_by_signals():
            key = keys.press(f"? {shown(question, safe_line)} ").lower()
        ask.end_line(key)
        return key

    def agreed(self, question: str) -> bool:
        """Whether Enter was pressed, and not Esc; any other key asks again. Raises Interrupted."""
        while (key := self.key(Said("{question} (Enter: yes, Esc: no)", question=question))) not in (
            "\r",
            "\n",
        ):
            if key == "\x1b":
                ask.tell(Said("Nothing was changed."))
                return False
        return True


class Typed:
    """What was typed for the value of a key, to be asked about again where it is refused."""

    def __init__(self) -> None:
        self.word = ""


class KeyContext(NamedTuple):
    """The state in which a key is pressed."""

    desk: Triage
    asking: PromptStyle
    looked: ShownTicket
    typed: Typed

    @property
    def session(self) -> Session:
        """The session of the command."""
        return self.asking.session

    def value(self, question: str, words: Sequence[str]) -> str:
        """The value of a key: a word, or what begins one of ``words`` only. Empty for none.

        Raises InvalidValue where it begins several.
        """
        word = self.typed.word = self.asking.line(question, words, self.typed.word)
        lowered = word.lower()
        fitting = [one for one in words if one.lower().startswith(lowered)] if word else []
        if any(one.lower() == lowered for one in fitting):
            return word
        if len(fitting) > 1:
            raise InvalidValue(
                Said("'{word}' could be {names}", word=word, names=", ".join(fitting)),
                hint=Said("type more of it"),
            )
        return fitting[0] if fitting else word


Maker = Callable[[KeyContext], "Step | None"]
_TEXTS = {
    "reply": Said("Reply (Enter: open your editor):"),
    "note": Said("Note (Enter: open your editor):"),
}


def _written(at: KeyContext, what: str, *, confirmed: bool) -> str | None:
    """A text: one line, or with Enter alone the editor. A line is ``confirmed`` before it is used; None: dropped.

    Raises Interrupted; then the text is kept.
    """
    from tix.cli.input.content import checked
    from tix.cli.input.editor import compose

    early, looked = at.session.early, at.looked
    label = f"{what}.{looked.ticket['number']}"
    try:
        typed = at.asking.line(_TEXTS[what])
    except TixError as stopped:
        if getattr(stopped, "typed", "").strip():
            early.typed = (label, stopped.typed, True)  # type: ignore[attr-defined]  # an Interrupted
        raise
    if not typed:
        return compose(at.session, label, "", looked.context)
    early.typed = (label, typed, True)
    body = checked(typed)
    if not confirmed:
        return body
    for line in (Said("To {who}:", who=looked.ticket["requester"]), *body.splitlines()):
        ask.tell(line)
    while True:
        key = at.asking.key(Said("Send it? (Enter: send, e: open your editor, Esc: drop it)"))
        if key in ("\r", "\n"):
            return body
        if key == "e":
            return compose(at.session, label, body, looked.context)
        if key == "\x1b":
            early.typed = None
            ask.tell(Said("Not sent."))
            return None


def _reply(at: KeyContext) -> Step | None:
    body = _written(at, "reply", confirmed=True)
    return None if body is None else Step("answered", True, changes.reply(body))


def _canned(at: KeyContext) -> Step | None:
    names = at.desk.choices()["canned"]
    name = at.value(Said("Canned reply ({names}):", names=", ".join(names) or Said("none yet")), names)
    if not name:
        return None
    if name.lower() not in map(str.lower, names):
        raise UnknownName(
            Said("no canned reply named '{name}'", name=name),
            hint=Said("there are {names}", names=", ".join(names)),
        )
    if not at.asking.agreed(
        Said("Send canned reply {name} to {requester}?", name=name, requester=at.looked.ticket["requester"])
    ):
        return None
    return Step("answered", True, changes.canned(at.session, name))


def _note(at: KeyContext) -> Step | None:
    body = _written(at, "note", confirmed=False)
    return None if body is None else Step("noted", False, changes.note(body))


def _take(at: KeyContext) -> Step | None:
    return Step("assigned", False, changes.assign(at.session, "@me"))


def _give(at: KeyContext) -> Step | None:
    names = at.desk.choices()["assignees"]
    who = at.value(Said("Assign to (a login, team:NAME, none):"), [*names, "none"])
    return Step("assigned", True, changes.assign(at.session, who)) if who else None


def _priority(at: KeyContext) -> Step | None:
    names = at.desk.choices()["priorities"]
    word = at.value(Said("Priority ({names}):", names=", ".join(names)), names)
    return Step("changed", False, changes.priority(at.session, word)) if word else None


def _status(at: KeyContext) -> Step | None:
    names = at.desk.choices(at.looked.reference)["statuses"]
    word = at.value(Said("Status ({names}):", names=", ".join(names)), names)
    return Step("changed", None, changes.status(word)) if word else None


# What the tab key offers for a snooze; everything else that names a moment is taken, too.
_MOMENTS = ("+1d", "+3d", "+1w", "tomorrow", "monday")


def _snooze(at: KeyContext) -> Step | None:
    question = Said("Snooze until (+3d, tomorrow 9am, fri 14:00):")
    word = at.typed.word = at.asking.line(question, _MOMENTS, at.typed.word)
    return Step("snoozed", True, changes.snooze(at.session, word)) if word else None


def _tag(at: KeyContext) -> Step | None:
    line = at.typed.word = at.asking.line(Said("Tags (vip,printer adds, -vip removes):"), typed=at.typed.word)
    words = [word for word in line.replace(",", " ").split() if word != "-"]
    added = [word for word in words if not word.startswith("-")]
    removed = [word[1:] for word in words if word.startswith("-")]
    return Step("changed", False, changes.tags(at.session, added, removed)) if words else None


def _merge(at: KeyContext) -> Step | None:
    word = at.typed.word = at.asking.line(Said("Merge into (a ticket, e.g. 12):"), typed=at.typed.word)
    if not word:
        return None
    target = parse_reference(word)
    try:
        into = at.desk.show(target).record
    except NotFound as error:
        raise UnknownName(error.message, hint=error.hint) from error
    if into["number"] == at.looked.ticket["number"]:
        raise InvalidValue(Said("{ref} cannot be merged into itself", ref=into["ref"]))
    if not at.asking.agreed(
        Said(
            "Merge {ref} into {ref2} ({subject})?",
            ref=at.looked.ticket["ref"],
            ref2=into["ref"],
            subject=into["subject"],
        )
    ):
        return None
    return Step(
        "merged", True, changes.merge(target, agreed=False), agreed=changes.merge(target, agreed=True)
    )


def _over(trigger: Trigger, question: Callable[[str], str]) -> Maker:
    def make(at: KeyContext) -> Step | None:
        if not at.asking.agreed(question(at.looked.ticket["ref"])):
            return None
        return Step("closed", None, changes.pull(trigger))

    return make


# The key, what it does in a word, and what makes the step.
KEYS: dict[str, tuple[str, Maker]] = {
    "r": ("reply", _reply),
    "c": ("canned reply", _canned),
    "n": ("note", _note),
    "a": ("assign to me", _take),
    "g": ("assign to", _give),
    "p": ("priority", _priority),
    "s": ("status", _status),
    "e": ("resolve", _over("resolve", lambda ref: Said("Resolve {ref}?", ref=ref))),
    "x": ("close", _over("close", lambda ref: Said("Close {ref}?", ref=ref))),
    "t": ("tag", _tag),
    "m": ("merge", _merge),
    "z": ("snooze", _snooze),
}
