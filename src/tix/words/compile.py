"""Collect what can be translated, bring the catalogues up to date and compile them: ``make words``.

``--check`` changes nothing and says what is missing: a sentence without a translation, a place that only one of the two
has, a compiled catalogue that is not what the text says.
"""

from __future__ import annotations

import argparse
import ast
import io
import string
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tix.typing import NamedTuple
from tix.words.catalogue import FOLDER, LANGUAGES
from tix.words.names import NAMES

SOURCE = FOLDER.parent
_PAGE = "web/words/en.py"
_OTHERS = tuple(language for language in LANGUAGES if language != "en")
# A catalogue says nothing of when it was made: that would be a change where there is none.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_DATED = (
    "POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By", "Report-Msgid-Bugs-To",
)  # fmt: skip


class Found(NamedTuple):
    """A message of the source: its forms, its context, and the modules it is in."""

    forms: tuple[str, ...]
    context: str | None
    where: str


@cache
def messages(source: Path = SOURCE) -> tuple[Found, ...]:
    """Return what can be translated: the literals of each ``Said``, the names of ``words.names``, the web page."""
    return tuple(_messages(source))


def _messages(source: Path) -> Iterator[Found]:
    for path in sorted(source.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Said" in text:
            where = str(path.relative_to(source))
            for forms in _literals(ast.parse(text)):
                yield Found(forms, None, where)
    for kind, names in NAMES.items():
        for name in names:
            yield Found((name,), kind, "words/names.py")
    yield from _of_the_page(source / _PAGE)


def _of_the_page(path: Path) -> Iterator[Found]:
    """The texts of the web page, whose keys are their contexts; two of a number of things are one message."""
    (words,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
    )
    for key, text in words.items():
        base, _, end = key.rpartition(".")
        if end == "one":
            yield Found((text, words[f"{base}.other"]), base, _PAGE)
        elif end != "other":
            yield Found((text,), key, _PAGE)


def _literals(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func, node.args:
                case ast.Name("Said"), [ast.Constant(str(text)), *_]:
                    yield (text,)
                case ast.Attribute(ast.Name("Said"), "counted"), [
                    ast.Constant(str(one)),
                    ast.Constant(str(many)),
                    *_,
                ]:
                    yield (one, many)
                case ast.Attribute(ast.Name("Said"), "otherwise"), [_, ast.Constant(str(text)), *_]:
                    yield (text,)
                case _:
                    pass


def template(source: Path = SOURCE) -> Catalog:
    """Return all messages as a catalogue without translations."""
    found = Catalog(project="tix", charset="utf-8", fuzzy=False)
    for forms, context, where in messages(source):
        found.add(forms if len(forms) > 1 else forms[0], locations=[(where, 0)], context=context)
    return found


def load(language: str, folder: Path = FOLDER) -> Catalog:
    """Return the catalogue that translators edit; an empty one where there is none yet."""
    path = folder / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="tix", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, folder: Path = FOLDER) -> Catalog:
    """Return the catalogue of a language with the messages of the source, no more and no fewer."""
    catalogue = load(language, folder)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = _DATE
    catalogue.header_comment = f"# The words of tix in {LANGUAGES[language]}; see docs/languages.md."
    return catalogue


def as_po(catalogue: Catalog) -> str:
    """Return a catalogue as its file has it."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _DATED)))


def faults(catalogue: Catalog) -> list[str]:
    """Return a sentence for each message that has no translation, or one with other places."""
    found = []
    for message in catalogue:
        if message.id:
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            name = message.id if isinstance(message.id, str) else message.id[0]
            if not said or not all(said):
                found.append(f"{catalogue.locale}: no translation of {name!r}")
            elif any(not _fits(message, one) for one in said):
                found.append(f"{catalogue.locale}: other places than in {name!r}: {said!r}")
    return found


def _fits(message: Message, translation: str) -> bool:
    """Whether a translation has the places of its message; of a number of things, it may say the number in words."""
    forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    wanted = [places(one) for one in forms]
    return places(translation) in wanted


def places(text: str) -> set[str]:
    """Return the names of the places of a message, as long as they are written well."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {f"not well written: {text}"}


def is_fresh(catalogue: Catalog, folder: Path = FOLDER) -> bool:
    """Return whether the file that translators edit has these messages, and the compiled one says the same."""
    path = folder / f"{catalogue.locale}.mo"
    wanted = _strings(catalogue)
    if not path.exists() or _strings(load(str(catalogue.locale), folder)) != wanted:
        return False
    with path.open("rb") as file:
        compiled = read_mo(file)
    return _strings(compiled) == {name: text for name, text in wanted.items() if text}


def _strings(catalogue: Catalog) -> dict[object, object]:
    return {
        (_hashable(message.id), message.context): _hashable(message.string)
        for message in catalogue
        if message.id
    }


def _hashable(forms: object) -> object:
    return tuple(forms) if isinstance(forms, list) else forms


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the catalogues, or with ``--check`` say what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is missing")
    check = parser.parse_args(arguments).check
    wrong = []
    for language in _OTHERS:
        catalogue = updated(language)
        wrong += faults(catalogue)
        if check:
            if not is_fresh(catalogue):
                wrong.append(f"{language}: not up to date; run: make words")
            continue
        (FOLDER / f"{language}.po").write_text(as_po(catalogue), encoding="utf-8")
        with (FOLDER / f"{language}.mo").open("wb") as file:
            write_mo(file, catalogue)
    sys.stdout.write("".join(f"{one}\n" for one in wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
