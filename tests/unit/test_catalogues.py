"""The catalogues of languages: complete, up to date, with the same places; and what is wrong with one is found."""

import ast
import shutil
from pathlib import Path

import pytest

from tix.cli.triage import actions, run
from tix.desk.resources.registry import TITLES, plural, title
from tix.domain.permissions import STAFF_FIELDS
from tix.domain.tickets.links import WORDS
from tix.domain.workflows.shipped import SHIPPED
from tix.render.records.tickets import LIST_FIELDS
from tix.render.terminal import tables
from tix.render.terminal.figures import plain_name
from tix.words import compile as catalogues
from tix.words.catalogue import FOLDER, LANGUAGES
from tix.words.names import NAMES
from tix.words.sentence import FSI, PDI, Said, has_right_to_left, isolated, listed, shown, speak

OTHERS = [language for language in LANGUAGES if language != "en"]


class Pirate:
    """A language of one message, and of the name of a status."""

    def gettext(self, message):
        return {"no ticket {ref}": "arr, {ref} be not there", "{what}; {due}": "{due}, {what}"}.get(
            message, message
        )

    def ngettext(self, one, many, n):
        return "{n} doubloons" if one == "{n} file" else one

    def pgettext(self, context, message):
        return "ahoy" if (context, message) == ("status", "open") else message

    def npgettext(self, context, one, many, n):
        return one


@pytest.fixture
def pirate():
    speak(Pirate)
    yield
    speak(None)


@pytest.fixture
def folder(tmp_path):
    """The catalogues, to be spoiled."""
    for path in FOLDER.glob("*.[mp]o"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_complete_and_has_the_same_places(language):
    catalogue = catalogues.updated(language)
    assert len(catalogue) > 1_000
    assert catalogues.faults(catalogue) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_up_to_date_and_compiled(language):
    """`make words` writes it anew."""
    assert catalogues.is_fresh(catalogues.updated(language))


def test_a_missing_translation_is_found(folder):
    """Control: of a sentence, of a name, of a number of things."""
    path = folder / "de.po"
    for planted in ('"kein Ticket {ref}"', '"Wiedervorlage"', '"{n} Einträge"'):
        text = (FOLDER / "de.po").read_text()
        assert planted in text
        path.write_text(text.replace(f"{planted}\n", '""\n'))
        catalogue = catalogues.updated("de", folder)
        (fault,) = catalogues.faults(catalogue)
        assert fault.startswith("de: no translation of ")
        assert not catalogues.is_fresh(catalogue, folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kein Ticket {ref}", "kein Ticket {reff}"),
        ("kein Ticket {ref}", "kein Ticket"),
        ("kein Ticket {ref}", "{ref"),
    ],
)
def test_other_places_are_found(folder, old, new):
    """Control."""
    path = folder / "de.po"
    path.write_text((FOLDER / "de.po").read_text().replace(f'"{old}"', f'"{new}"'))
    (fault,) = catalogues.faults(catalogues.updated("de", folder))
    assert "other places" in fault


def test_a_new_sentence_is_found(tmp_path):
    """Control: what the source says and no catalogue has; a sentence that is glued is none."""
    (tmp_path / "web" / "words").mkdir(parents=True)
    (tmp_path / "web" / "words" / "en.py").write_text(
        'WORDS = {"x.y": "Y", "z.one": "a z", "z.other": "{n} z"}'
    )
    (tmp_path / "a.py").write_text(
        'Said("All {n} of it", n=1)\nSaid.counted("one", "many", 2)\nSaid.otherwise(x, "so")'
    )
    found = {one.forms for one in catalogues.messages(tmp_path)}
    assert {("All {n} of it",), ("one", "many"), ("so",), ("Y",), ("a z", "{n} z")} <= found


def test_every_sentence_is_a_literal():
    """What is made at run time, such as an f-string, would be in no catalogue."""
    made = []
    for path in sorted(Path(catalogues.SOURCE).rglob("*.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "Said" in text else ():
            if not isinstance(node, ast.Call) or path.name == "sentence.py":
                continue
            is_said = isinstance(node.func, ast.Name) and node.func.id == "Said"
            is_counted = (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "counted"
                and (isinstance(node.func.value, ast.Name) and node.func.value.id == "Said")
            )
            literals = node.args[: 1 + is_counted] if is_said or is_counted else []
            if not all(isinstance(one, ast.Constant) for one in literals) or (
                is_said and len(node.args) != 1
            ):
                made.append(f"{path.name}:{node.lineno}")
    assert [one for one in made if not one.startswith("ticket_form.py")] == []


def test_names_that_are_looked_up_are_in_the_table():
    """What tix ships has a name in every language."""
    statuses = {status.name for workflow in SHIPPED.values() for status in workflow.statuses}
    assert statuses <= set(NAMES["status"])
    assert set(WORDS.values()) == set(NAMES["relation"])
    assert set(STAFF_FIELDS.values()) <= set(NAMES["object"])
    assert {title(kind) for kind in TITLES} == set(NAMES["noun"])
    assert {plural(title(kind), number) for kind in TITLES for number in (1, 2)} == set(NAMES["nouns"])
    keys = {name for name, _ in actions.KEYS.values()} | set(run._MOVES.values())
    assert keys == set(NAMES["key"])
    assert set(run._COUNTED) == set(NAMES["done"])
    from tix.domain.permissions import _VERB_WORDS

    assert set(_VERB_WORDS.values()) == set(NAMES["act"])
    heads = {
        tables._HEADS.get(name) or plain_name(name).upper()
        for name in (
            "ref",
            "status",
            "priority",
            "assignee",
            "requester",
            "due_at",
            "last_activity_at",
            "subject",
        )
    }
    assert heads <= set(NAMES["head"])
    assert LIST_FIELDS


# ------------------------------------------------------------------------------------------------ sentences


def test_a_sentence_is_its_english_text():
    said = Said("no ticket {ref}", ref="TIX-9")
    assert said == "no ticket TIX-9"
    assert f"{said}!" == "no ticket TIX-9!"
    assert shown(said) == "no ticket TIX-9"
    assert Said("no places {here}") == "no places {here}"
    assert [Said.counted("{n} file", "{n} files", n) for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert listed(["a", Said("b"), "c"]) == "a, b, c"
    assert listed([]) == ""


def test_a_sentence_in_another_language(pirate):
    assert shown(Said("no ticket {ref}", ref="TIX-9")) == "arr, TIX-9 be not there"
    assert shown(Said("unknown to it")) == "unknown to it"
    assert shown("no ticket {ref}") == "no ticket {ref}"  # not ours: somebody's text
    assert shown(Said.counted("{n} file", "{n} files", 3)) == "3 doubloons"
    assert shown(Said.named("status", "open")) == "ahoy"
    assert shown(Said.named("priority", "open")) == "open"


def test_a_sentence_in_a_sentence_is_translated_too(pirate):
    inner = Said("no ticket {ref}", ref="1")
    assert (
        shown(Said("{what}; {due}", what=inner, due=Said.named("status", "open")))
        == "ahoy, arr, 1 be not there"
    )


def test_what_people_wrote_is_cleaned_and_what_we_wrote_is_not(pirate):
    said = Said("no ticket {ref}", ref="\x1b[31m")
    assert shown(said, lambda text: text.replace("\x1b", "?")) == "arr, ?[31m be not there"
    assert shown("\x1b", lambda text: text.replace("\x1b", "?")) == "?"


def test_a_value_is_no_format(pirate):
    """Braces in what somebody wrote are text, in whatever language."""
    assert shown(Said("no ticket {ref}", ref="{who.__class__}")) == "arr, {who.__class__} be not there"


HEBREW = "\u05d0\u05d1\u05d2"


@pytest.mark.parametrize("text", [HEBREW, "\u0645\u0631\u062d\u0628\u0627", "a \ufb1d", "\U0001e900"])
def test_words_from_right_to_left_are_isolated(text):
    assert has_right_to_left(text)
    assert isolated(text) == f"{FSI}{text}{PDI}"
    assert shown(Said("no ticket {ref}", ref=text)) == f"no ticket {FSI}{text}{PDI}"


def test_others_are_not():
    for text in ("abc", "Grüße", "Tiếng Việt", "日本", "Привет", "…"):
        assert not has_right_to_left(text)
        assert isolated(text) == text


def test_an_isolate_that_was_cut_is_closed():
    assert isolated(f"x {FSI}{HEBREW}…") == f"{FSI}x {FSI}{HEBREW}…{PDI}{PDI}"
