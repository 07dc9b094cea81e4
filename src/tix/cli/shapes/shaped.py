"""Records as somebody else's program wants them: filtered by a jq expression, or written by a template.

Run as ``python -m tix.cli.shapes.shaped`` by ``cli.shapes.shape``, in a process of its own: jq cannot be interrupted, and
a template may loop. It reads a JSON object from stdin (``jq`` or ``template``, ``data``, and the ``most`` bytes that it
may print), writes UTF-8 to stdout, and exits 0; else 2, with a sentence on stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from tix.typing import Any

# Memory that the process may take.
_MOST_MEMORY = 2 << 30


class Unfit(Exception):
    """The expression or the template does not work: one sentence."""


def compiled_jq(expression: str) -> Any:
    """Return the program of a jq expression. Raises Unfit, and ImportError where jq is not installed."""
    import jq  # type: ignore[import-not-found]  # it has no types

    try:
        return jq.compile(expression)
    except ValueError as error:
        raise Unfit(f"--jq: {_sentence(error)}") from error


def check_template(text: str) -> None:
    """Raise Unfit for a template that cannot be read. Runs none of it."""
    from jinja2 import TemplateError

    from tix.cli.shapes.templates import Look, Words, environment

    try:
        environment(Words(Look())).parse(text)
    except TemplateError as error:
        raise Unfit(f"--template: {_sentence(error)}") from error


def filtered(expression: str, data: Any, *, quotes: bool = False) -> Iterator[str]:
    """Yield each result of a jq expression on a line: as JSON, but a text as it is unless with ``quotes``. Raises Unfit."""
    import json

    try:
        for value in compiled_jq(expression).input_value(data):
            yield (value if isinstance(value, str) and not quotes else json.dumps(value)) + "\n"
    except ValueError as error:
        raise Unfit(f"--jq: {_sentence(error)}") from error


def written(text: str, records: Iterable[dict[str, Any]], look: Mapping[str, Any]) -> Iterator[str]:
    """Yield each record as the template writes it for a ``Look``, with a newline at the end. Raises Unfit.

    Rows of ``table`` stand together, before the next record that has a text of its own.
    """
    from tix.cli.shapes.templates import Look, Words, environment

    words = Words(Look(**look))
    try:
        template = environment(words).from_string(text)
        for record in records:
            waiting = words.waiting
            said = template.render({**record, "record": record})
            if words.waiting > waiting and not said.strip():
                continue  # a row, and the end of a line in a file
            yield words.rows(waiting)
            yield said if said.endswith("\n") or not said else f"{said}\n"
        yield words.rows(words.waiting)
    except (MemoryError, RecursionError):
        raise
    except (
        Exception
    ) as error:  # a template calls what it likes of texts and numbers: TypeError, OverflowError
        raise Unfit(f"--template: {_sentence(error)}") from error


def _sentence(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (
        (lines[0] if lines else type(error).__name__).removeprefix("jq: ").removeprefix("error: ").rstrip(".")
    )


def main() -> int:
    """Read the job from stdin, and do it."""
    import json

    _limit_memory()
    job = json.load(sys.stdin)
    option, left = "--jq" if "jq" in job else "--template", job["most"]
    if "jq" in job:
        parts = filtered(job["jq"], job["data"], quotes=job.get("quotes", False))
    else:
        parts = written(job["template"], job["data"], job["look"])
    try:
        for part in parts:
            raw = part.encode(errors="backslashreplace")
            left -= len(raw)
            if left < 0:
                return _failed(f"{option}: the output is larger than {job['most']:,} bytes")
            sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except Unfit as error:
        return _failed(str(error))
    except (MemoryError, RecursionError):
        return _failed(f"{option}: it takes too much memory")
    return 0


def _failed(sentence: str) -> int:
    sys.stderr.write(sentence)
    return 2


def _limit_memory() -> None:
    import resource

    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):
        pass  # macOS has no such limit


if __name__ == "__main__":
    sys.exit(main())
