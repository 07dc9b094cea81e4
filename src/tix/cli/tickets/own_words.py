"""``--edit-last`` and ``--retract`` of ``tix reply`` and ``tix note``."""

from __future__ import annotations

from tix.cli.tickets.bulk import Change, write
from tix.errors import UsageError
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import Bulk, Output, Text
    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Action
    from tix.domain.tickets.own_words import Kind


def refuse_others(is_more: bool) -> None:
    """Raise UsageError where something is to be added beside."""
    if is_more:
        raise UsageError(
            Said("--edit-last and --retract change the text alone"), hint=Said("leave the other options out")
        )


def change(
    session: Session,
    words: list[str],
    kind: Kind,
    texts: Text,
    output: Output,
    bulk: Bulk,
    *,
    edit: bool,
    retract: bool,
) -> int:
    """Change or take back the last reply or note on a ticket; the exit status."""
    from tix.cli.input import text
    from tix.cli.tickets import references
    from tix.desk import own_words

    if edit and retract:
        raise UsageError(
            Said("--edit-last and --retract cannot be combined"), hint=Said("use one of the two")
        )
    if session.remote is not None:
        session.remote.refuse("--edit-last" if edit else "--retract", True)
    parsed = references.parse(words)
    if not parsed.single:
        raise UsageError(Said("one ticket at a time"), hint=f"tix {kind} 12 --edit-last")
    if retract:
        if (texts.message, texts.file, texts.editor) != (None, None, False):
            raise UsageError(Said("--retract takes no text"), hint=Said("--edit-last changes it"))
        done, action = _taken_back, _retracting(kind)
    else:
        (reference,) = parsed.references
        before = own_words.last_body(session.reader(), reference, kind)
        given = text.given(session, texts, kind, words)
        asked = texts if given is not None else texts._replace(editor=True)
        body = text.required(session, asked, kind, words, before if given is None else given)
        done, action = _changed, _editing(kind, body)
    return write(
        session,
        words,
        output,
        bulk,
        Change(lambda: action, kind),
        lambda ticket: done(kind, ticket.ref),
        lambda ticket: Said("{ref}: nothing to change.", ref=ticket.ref),
    )


def _taken_back(kind: Kind, ref: str) -> str:
    if kind == "note":
        return Said("Took back your last note on {ref}.", ref=ref)
    return Said("Took back your last reply on {ref}.", ref=ref)


def _changed(kind: Kind, ref: str) -> str:
    if kind == "note":
        return Said("Changed your last note on {ref}.", ref=ref)
    return Said("Changed your last reply on {ref}.", ref=ref)


def _retracting(kind: Kind) -> Action:
    from tix.desk import own_words

    return lambda desk, reference: own_words.retract(desk, reference, kind)


def _editing(kind: Kind, body: str) -> Action:
    from tix.desk import own_words

    return lambda desk, reference: own_words.edit_last(desk, reference, kind, body)
