"""The words of the web page: every language says everything, with the same values in it."""

import re
from pathlib import Path
from string import Formatter

import pytest

import tix.web
from tix.domain.notifications import RULES
from tix.domain.tickets.timeline import EventType
from tix.domain.topics import FIELD_KINDS
from tix.web.catalog import chosen, words
from tix.words.catalogue import LANGUAGES

WEB = Path(tix.web.__file__).parent
ENGLISH = words("en")
KEYS = list(vars(ENGLISH)["_words"])


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_values(language):
    said = vars(words(language))["_words"]
    assert list(said) == KEYS or set(said) == set(KEYS)
    assert {key: _places(said[key]) for key in KEYS if key != "time.near"} == {
        key: _places(ENGLISH._words[key]) for key in KEYS if key != "time.near"
    }
    assert not [key for key, text in said.items() if text != text.strip() or not text]
    assert len(said["time.months"].split()) == 12


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_translation_is_no_copy(language):
    said = vars(words(language))["_words"]
    same = [key for key in KEYS if said[key] == ENGLISH._words[key] and len(said[key]) > 12]
    assert same == []


def test_what_the_pages_say_is_in_the_catalog_and_what_is_in_it_is_said():
    source = "".join(
        path.read_text()
        for path in WEB.rglob("*")
        if path.suffix in (".html", ".py") and path.parent.name != "words"
    )
    written = set(re.findall(r"""["']([a-z][a-z-]*(?:\.[a-z0-9-]+)+)["']""", source)) - {
        "style.css",
        "icon.svg",
    }
    known = {key for key in written if key.partition(".")[0] in {one.partition(".")[0] for one in KEYS}}
    counted = {key.rpartition(".")[0] for key in KEYS if key.endswith((".one", ".other"))}
    missing = {key for key in known if key not in KEYS and key not in counted}
    assert {key for key in missing if not key.endswith(".html")} - {
        "web.language",
        "web.zone",
        "web.url",
    } == set()


def test_every_event_notification_and_kind_of_field_has_words():
    for kind in EventType.__args__:
        if kind not in ("status-changed", "field-changed"):
            assert ENGLISH.has(f"event.{kind}") or ENGLISH.has(f"event.{kind}.no"), kind
    assert [rule.reason for rule in RULES if not ENGLISH.has(f"notice.{rule.reason}")] == []
    assert [kind for kind in FIELD_KINDS if not ENGLISH.has(f"error.{kind}")] == []


def test_no_template_prints_anything_unescaped():
    templates = list((WEB / "templates").glob("*.html"))
    assert len(templates) > 10
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b|autoescape|<script|\sstyle=|\son[a-z]+=|javascript:", text), path


@pytest.mark.parametrize(
    ("own", "desk", "accepted", "language"),
    [
        ("vi", "de", "en", "vi"),
        ("", "de", "en", "de"),
        ("xx", "auto", "de-CH, en;q=0.9", "de"),
        ("", "auto", "en;q=0.1, vi;q=0.2", "vi"),
        ("", "auto", "fr, de;q=0", "en"),
        ("", "auto", ",;q=x,*;q=1" * 1000, "en"),
        ("", "auto", "de;q=nan, vi;q=inf", "en"),
    ],
)
def test_the_language_is_the_readers_then_the_desks_then_the_browsers(own, desk, accepted, language):
    assert chosen(own, desk, accepted) == language
