"""Prompts: one line each, ended by Enter. The caller has checked that there is a terminal.

questionary asks them and is imported with the first one (100 ms). It moves the cursor, so a dumb terminal,
and a person who listens to it, are asked in plain lines, with numbers before what can be chosen.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from tix.cli.personal.settings import is_accessible
from tix.cli.repeats import stdin
from tix.cli.signals import end
from tix.cli.variables import is_dumb
from tix.errors import Interrupted
from tix.render.safe import safe_line
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said, shown

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.output import Output

MOST_LISTED = 12


class Candidate(NamedTuple):
    """What the tab key offers: the text it puts in place of the last ``replaced`` characters."""

    text: str
    shown: str
    replaced: int


Candidates = Callable[[str], Iterable[Candidate]]


def line(
    question: str,
    *,
    color: bool = False,
    candidates: Candidates | None = None,
    plain: bool = False,
    typed: str = "",
) -> str:
    """The answer as it was typed, without its Enter; pasted lines stay lines. ``typed`` stands there to be changed.

    ``candidates`` gives what may complete the text before the cursor, unless ``plain``, which asks in plain
    lines on any terminal. Raises Interrupted.
    """
    question = shown(question, safe_line)
    stdin.spend()
    with ended_by_signals():
        while True:
            answer = _plain(question) if plain or is_plain() else _edited(question, color, candidates, typed)
            if not any("\ud800" <= char <= "\udfff" for char in answer):
                return answer
            tell(Said("The answer is not valid UTF-8."))


def choice(question: str, words: Sequence[str], *, color: bool = False, plain: bool = False) -> str:
    """The answer where it is one of ``words``, as it was typed; the tab key completes it.

    In plain lines the words are listed with a number each, and a number stands for its word. Raises Interrupted.
    """
    if not (plain or is_plain()):

        def candidates(before: str) -> list[Candidate]:
            start = before.strip().casefold()
            return [Candidate(one, one, len(before)) for one in words if one.casefold().startswith(start)]

        return line(question, color=color, candidates=candidates if words else None)
    for number, word in enumerate(words, start=1):
        tell(f"{number}  {word}")
    answer = line(question, color=color, plain=True)
    typed = answer.strip()
    if typed in words or not (typed.isdecimal() and typed.isascii() and 1 <= int(typed[:9]) <= len(words)):
        return answer
    return words[int(typed) - 1]


def confirm(question: str, *, color: bool = False) -> bool:
    """Return whether the answer is y or yes; Enter and anything else means no. Raises Interrupted."""
    return is_yes(line(Said("{question} [y/N]:", question=question), color=color))


def is_yes(answer: str) -> bool:
    """Return whether an answer to ``[y/N]`` is yes, in English or in the language of the question."""
    return answer.strip().lower() in ("y", "yes", *shown(Said.named("answer", "y yes")).split())


def confirm_name(question: str, name: str) -> bool:
    """Return whether the answer is the name of what the question is about. Raises Interrupted."""
    from tix.domain.confirmation import is_name

    return is_name(line(Said("{question} Type {name} to confirm:", question=question, name=name)), name)


def tell(words: str) -> None:
    """A line of words beside the questions, for instance why one is asked again."""
    sys.stdout.write(f"  {shown(words, safe_line)}\n")
    sys.stdout.flush()


def end_line(key: str) -> None:
    """End the line on which a key was pressed, with the key where it can be shown."""
    sys.stdout.write(f"{key if key.isprintable() else ''}\n")


def forget_typed() -> None:
    """Throw away what was typed ahead: nobody has seen yet what it would be an answer to."""
    import termios
    from contextlib import suppress

    with suppress(OSError, ValueError, termios.error):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    if "prompt_toolkit" in sys.modules:  # it keeps what came together with the Enter of the last question
        from prompt_toolkit.application.current import get_app_session
        from prompt_toolkit.input.typeahead import clear_typeahead

        clear_typeahead(get_app_session().input)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-c, a kill and a terminal that goes away end what is asked by Interrupted: the text can be saved."""
    caught = [int(signal.SIGINT)]

    def ended(number: int, frame: FrameType | None) -> None:
        caught.append(number)
        end(number, frame)

    before = {number: signal.signal(number, ended) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Interrupted(stopped.args[0] if stopped.args else "", caught[-1]) from None
    except OSError:
        if len(caught) == 1:
            raise
        raise Interrupted("", caught[-1]) from None  # the terminal is gone: nothing can be written to it
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_plain() -> bool:
    """Whether to ask in plain lines: the terminal cannot move its cursor, or the person wants it to stay."""
    return is_dumb() or is_accessible()


def _plain(question: str) -> str:
    """The terminal's own line editing."""
    sys.stdout.write(f"? {question} ")
    sys.stdout.flush()
    try:
        data = sys.stdin.buffer.readline()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        raise
    if not data.endswith(b"\n"):  # ctrl-d
        sys.stdout.write("\n")
        raise KeyboardInterrupt(_text(data))
    return _text(data).rstrip("\r\n")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _edited(question: str, color: bool, candidates: Candidates | None, typed: str) -> str:
    import questionary
    from prompt_toolkit.output.color_depth import ColorDepth

    asked = questionary.text(
        question,
        default=typed,
        style=_style(color),
        color_depth=ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT,
        output=_output(),
        key_bindings=None if candidates is None else _keys(candidates),
        enable_suspend=True,
    )
    try:
        answer: str = asked.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise KeyboardInterrupt(asked.application.current_buffer.text) from None
    return answer


def _style(color: bool) -> Any:
    from prompt_toolkit.styles import Style

    if color:
        return Style([("qmark", "fg:ansicyan"), ("question", "bold"), ("answer", "noinherit")])
    return Style([(name, "noinherit") for name in ("qmark", "question", "answer")])


def _output() -> Output:
    """Where the question is drawn; the terminal is not asked where its cursor is.

    Only menus need to know that, and a terminal that does not answer would be complained about after two seconds.
    """
    from prompt_toolkit.output.defaults import create_output

    output = create_output(sys.stdout)
    output.enable_cpr = False  # type: ignore[attr-defined]  # a Vt100_Output, as stdout is a terminal
    return output


def _keys(candidates: Candidates) -> KeyBindings:
    """The tab key, as in a shell: what all candidates share is filled in; where that is nothing, they are listed.

    questionary's own completion asks a question of its own when there are many, and ctrl-c there is a traceback.
    """
    from prompt_toolkit.application import run_in_terminal
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("tab")
    def complete(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        before = buffer.document.text_before_cursor
        found = list(candidates(before))
        if not found:
            return
        shared, replaced = _shared([one.text for one in found]), found[0].replaced
        if shared != before[len(before) - replaced :]:
            buffer.delete_before_cursor(replaced)
            buffer.insert_text(shared)
        elif len(found) > 1:
            run_in_terminal(lambda: _list([one.shown for one in found]))

    return keys


def _shared(texts: list[str]) -> str:
    """What all begin with, not cut behind the backslash of an escape."""
    shared = os.path.commonprefix(texts)  # noqa: RUF071  # character by character is what is meant
    backslashes = len(shared) - len(shared.rstrip("\\"))
    return shared[:-1] if backslashes % 2 else shared


def _list(names: list[str]) -> None:
    for name in names[:MOST_LISTED]:
        tell(name)
    if len(names) > MOST_LISTED:
        tell(Said("and {n} more", n=len(names) - MOST_LISTED))
