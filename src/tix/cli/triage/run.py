"""The loop of ``tix triage``."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter

from tix.cli.desks.triage import Changed
from tix.cli.desks.undo import undo
from tix.cli.errors import failure_text
from tix.cli.input import ask
from tix.cli.session import Session
from tix.cli.triage.actions import KEYS, KeyContext, PromptStyle, ShownTicket, Step, Typed
from tix.cli.triage.queue import Waiting
from tix.errors import (
    Interrupted,
    NotFound,
    Refused,
    StoreUnusable,
    TixError,
    Unconfirmed,
    Unreachable,
    UsageError,
)
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said, listed, shown, shown_name

if TYPE_CHECKING:
    from tix.cli.desks.triage import Done, Triage

Record = dict[str, Any]


_MOVES = {
    "k": "skip",
    "b": "back",
    "v": "whole thread",
    "u": "undo",
    "?": "help",
    "q": "quit",
}


# What leads to another ticket, or to none; Enter and the blank skip, too.
_LEAVING = frozenset("kbuq \r\n")
# Keys that are shown with each ticket; the others are told by the help.
_SHOWN = "rcnapsexzku?q"
_COUNTED = ("answered", "noted", "closed", "merged", "assigned", "snoozed", "changed", "skipped", "undone")


class _Run:
    """One sitting."""

    def __init__(
        self,
        session: Session,
        desk: Triage,
        waiting: Waiting,
        *,
        plain: bool,
    ) -> None:
        from tix.cli.options import Output
        from tix.cli.output import Printer
        from tix.cli.terminal.look import uses_color
        from tix.cli.tickets.show import KIND

        if plain:
            session.options = session.options._replace(color="never")
        self._session, self._desk = session, desk
        self._plain = plain or ask.is_plain()
        self._printer = Printer(session, Output(), KIND)
        self._asking = PromptStyle(session, self._plain, uses_color(session))
        self._counts: Counter[str] = Counter()
        self._steps: list[tuple[str, int, int, str]] = []  # reference, moment, number, what it counted as
        # The keys there are: a canned reply only where one can be chosen.
        has_canned = bool(desk.choices()["canned"])
        self._keys = {key: row for key, row in KEYS.items() if key != "c" or has_canned}
        self.waiting = waiting

    # ------------------------------------------------------------------------------------ one by one

    def all(self) -> None:
        """Show tickets until none is left or the person quits. Raises Interrupted."""
        if self.waiting.goes_on():
            ask.tell(Said("Continuing where you stopped today; --restart starts over."))
        while (ticket := self.waiting.next()) is not None:
            if not self._one(ticket):
                return
            self._desk.renew()
        ask.tell(Said("No tickets left in this queue."))

    def _one(self, ticket: Record) -> bool:
        """One ticket until another is wanted; False to quit."""
        looked = self._look(ticket)
        touched = False
        while looked is not None:
            key = self._key()
            if key in self._keys:
                done, looked = self._step(key, looked)
                touched = touched or done is not None
                if done is not None and done.goes_on and looked is not None:
                    self.waiting.leave(looked.ticket)
                    return True
            elif key == "v":
                looked = self._look(looked.ticket, whole=True)
            elif key in _LEAVING:
                if self._leave(key, looked, touched=touched):
                    return key != "q"
            else:
                self._help()
        return True

    def _leave(self, key: str, looked: ShownTicket, *, touched: bool) -> bool:
        """Whether another ticket comes, or none."""
        if key == "b":
            if not self.waiting.back():
                ask.tell(Said("This is the first ticket."))
                return False
        elif key == "u":
            return self._undo()
        elif key != "q":
            self._counts["skipped"] += not touched
            self.waiting.leave(looked.ticket)
        return True

    def _look(self, ticket: Record, *, whole: bool = False) -> ShownTicket | None:
        """Shows a ticket; None where it is not there any more."""
        from tix.cli.triage import screen

        self._desk.renew()
        place, total = self.waiting.place(ticket)
        where = shown(Said("{n:,} of {total:,} in the queue", n=place, total=total))
        sys.stdout.write(f"\n{'' if self._plain else '── '}{where}\n")
        try:
            return screen.look(self._desk, self._printer, ticket["ref"], whole=whole)
        except NotFound as error:
            self._fail(error)
            self.waiting.leave(ticket)
            return None

    # ---------------------------------------------------------------------------------------- a step

    def _step(self, key: str, looked: ShownTicket) -> tuple[Step | None, ShownTicket | None]:
        """What a key does: the step if it was done, and the ticket as it is then, None where it is gone."""
        early = self._session.early
        early.typed = None
        typed = Typed()
        try:
            while True:
                try:
                    self._desk.renew()
                    step = self._keys[key][1](KeyContext(self._desk, self._asking, looked, typed))
                    return (None, looked) if step is None else self._do(step, looked)
                except (UsageError, Refused) as error:
                    if not typed.word or isinstance(error, Unreachable):
                        raise
                    self._fail(error)  # and the same question again
        except Interrupted as error:
            self._keep(error)
            if error.exit_status != 130:  # a kill, or the terminal is gone
                raise
            ask.tell(Said("Cancelled."))
        except StoreUnusable:
            raise
        except TixError as error:
            self._fail(error)
            self._keep(error)
            if isinstance(error, NotFound):
                return None, None
        return None, looked

    def _do(self, step: Step, looked: ShownTicket) -> tuple[Step | None, ShownTicket | None]:
        from tix.cli.triage import screen

        while True:
            try:
                done = self._desk.do(looked.reference, looked.seen, step.change)
            except Changed as changed:
                screen.show_changes(self._printer, changed.items)
                ref = looked.ticket["ref"]
                question = Said("{ref} has changed since you opened it. Continue anyway?", ref=ref)
                looked = looked._replace(seen=changed.last)
                if self._confirm(question):
                    continue
                self._keep(Interrupted())
                return None, self._look(looked.ticket)
            except Unconfirmed as error:
                if step.agreed is None:
                    raise
                ask.tell(error.message)
                if not self._asking.agreed(Said("Continue anyway?")):
                    return None, looked
                step = step._replace(change=step.agreed, agreed=None)
                continue
            self._session.early.typed = None
            return self._done(step, looked, done)

    def _done(self, step: Step, looked: ShownTicket, done: Done) -> tuple[Step, ShownTicket]:
        ticket = done.ticket
        is_over = ticket["phase"] != "open"
        if step.goes_on is None:
            step = step._replace(goes_on=is_over, counted="closed" if is_over else step.counted)
        if done.already:
            ask.tell(Said("{ref}: nothing to change.", ref=ticket["ref"]))
        else:
            ended = is_over and looked.ticket["phase"] == "open" and step.counted != "merged"
            counted = "closed" if ended else step.counted
            self._counts[counted] += 1
            self._steps.append((ticket["ref"], done.at, ticket["number"], counted))
            ask.tell(_told(ticket, step.counted))
        return step, looked._replace(ticket={**looked.ticket, **ticket}, seen=done.last)

    def _undo(self) -> bool:
        """Undo the last step; return whether its ticket is shown again."""
        if not self._steps:
            ask.tell(Said("Nothing to undo."))
            return False
        ref, at, number, counted = self._steps[-1]
        self._desk.renew()
        try:
            undo(self._session, only=(ref, at))
        except TixError as error:
            self._fail(error)
            return False
        self._steps.pop()
        self._counts[counted] -= 1
        self._counts["undone"] += 1
        self.waiting.again(number)
        ask.tell(Said("{ref}: undone.", ref=ref))
        return True

    # ----------------------------------------------------------------------------------------- words

    def _key(self) -> str:
        ask.forget_typed()
        names = self._names()
        keys_shown = [f"{key} {shown_name('key', name)}" for key, name in names.items() if key in _SHOWN]
        if self._plain:
            return self._line(f"{', '.join(keys_shown)}:").lower()[:1] or "\n"
        from tix.cli.input import keys
        from tix.render.terminal import theme
        from tix.render.terminal.console import Span

        console = self._printer.console()
        sys.stdout.write("\n")
        theme.write(console, theme.joined([Span(one) for one in keys_shown], console.width - 1, "   "))
        with ask.ended_by_signals():
            key = keys.press("> ").lower()
        ask.end_line(key)
        return key

    def _names(self) -> dict[str, str]:
        return {key: name for key, (name, _) in self._keys.items()} | _MOVES

    def _line(self, question: str) -> str:
        return ask.line(question, color=self._asking.color, plain=self._plain).strip()

    def _confirm(self, question: str) -> bool:
        ask.forget_typed()
        return ask.is_yes(self._line(Said("{question} [y/N]:", question=question)))

    def _help(self) -> None:
        for key, name in self._names().items():
            ask.tell(f"{key}  {shown_name('key', name)}")
        ask.tell(Said("After a reply, snooze, reassignment or close, the next ticket comes up."))

    def _fail(self, error: TixError) -> None:
        sys.stdout.write(failure_text(error, as_json=False))
        sys.stdout.flush()

    def _keep(self, error: TixError) -> None:
        """Saves what was typed for a step that was not done, and says where."""
        from tix.cli.input.drafts import rescue

        early = self._session.early
        path = rescue(early, error.exit_status or 5)
        early.typed = None
        if path is not None:
            ask.tell(Said("your text is saved: {path}", path=path))

    def summary(self) -> None:
        """How many of what."""
        counts = [
            Said("{n} {done}", n=self._counts[name], done=Said.named("done", name))
            for name in _COUNTED
            if self._counts[name] > 0
        ]
        with contextlib.suppress(OSError):
            ask.tell(listed(counts) or Said("Nothing done."))


def _told(ticket: Record, done: str) -> str:
    """What a step has done, and how the ticket is then."""
    if ticket["assignee"]:
        where = Said("assigned to {who}", who=ticket["assignee"])
    elif ticket["team"]:
        where = Said("assigned to team {team}", team=ticket["team"])
    else:
        where = Said("unassigned")
    return Said(
        "{ref}: {done}; {status}, {priority}, {where}.",
        ref=ticket["ref"],
        done=Said.named("done", done),
        status=Said.named("status", ticket["status"]),
        priority=Said.named("priority", ticket["priority"]),
        where=where,
    )
