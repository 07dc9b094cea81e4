"""Ask before what ``domain.confirmation`` says has to be asked about."""

from __future__ import annotations

from tix.domain.confirmation import ACTS, must_ask, require_name
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tix.cli.session import Session


def confirmed(
    session: Session,
    act: str,
    count: int,
    question: str | Callable[[], str],
    *,
    agreed: bool,
    told: Callable[[], Sequence[str]] = tuple,
    kept: str = "Nothing was changed.",
    name: str | Callable[[], str] | None = None,
    given: str | None = None,
) -> bool:
    """Return whether an act on ``count`` tickets or records goes on; where it does not, say what was ``kept``.

    ``question`` is asked with what is ``told`` above it, and the way back. ``name`` is what the act concerns (else the
    count does), and ``given`` is what ``--confirm`` says it is. Raises Unconfirmed, Interrupted.
    """

    def concerned() -> str:
        return f"{count:,}" if name is None else name if isinstance(name, str) else name()

    if given is not None:
        require_name(given, concerned())
        agreed = True
    may_ask = session.may_ask and not agreed
    wanted = session.personal.get("confirm") if may_ask else None
    if not must_ask(act, count, agreed=agreed, may_ask=may_ask, wanted=wanted):
        return True
    from tix.cli.input import ask

    sentences = [*told(), ACTS[act].note]
    words = question if isinstance(question, str) else question()
    for sentence in sentences:
        ask.tell(sentence)
    if ask.confirm_name(words, concerned()) if ACTS[act].by_name else ask.confirm(words):
        return True
    session.say(kept)
    _keep_text(session)
    return False


def _keep_text(session: Session) -> None:
    """Save the text of what somebody did not want after all; where it is in the shell's history, it stays there."""
    early = session.early
    if early.typed is None or not early.typed[2]:
        return
    from tix.cli.input.drafts import rescue
    from tix.errors import Interrupted

    path = rescue(early, Interrupted.exit_status)
    early.typed = None
    if path is not None:
        session.say(Said("Your text is saved: {path}", path=path))
