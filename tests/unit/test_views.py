"""Saved views: what they may hold, their key, and their filters as somebody would type them."""

import pytest

from tix.domain.views import View, checked, split_key


@pytest.mark.parametrize(
    ("name", "owner", "key"),
    [("late", "ann", "ann/late"), ("late", None, "/late"), ("a/b", "ann", "ann/a/b")],
)
def test_a_key_is_owner_and_name(name, owner, key):
    assert View(name, owner, {}).key == key
    assert split_key(key) == (owner, name)


@pytest.mark.parametrize("key", ["", "late", "ann/", "/"])
def test_what_is_no_key(key):
    with pytest.raises(ValueError, match="is not the key of a view"):
        split_key(key)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ({}, ""),
        ({"mine": True}, "--mine"),
        ({"answered": True}, "--answered"),
        ({"answered": False}, "--unanswered"),
        ({"title": "out of paper"}, "--title 'out of paper'"),
        ({"status": ["open", "on-hold"]}, "--status open --status on-hold"),
        ({"since": "+3d", "open": True}, "--since +3d --open"),
        # How it is shown is no filter.
        ({"sort": "-due_at", "limit": 5, "columns": ["ref"], "all": True}, "--all"),
    ],
)
def test_its_filters_as_they_are_typed(words, typed):
    assert View("late", "ann", words).filters == typed


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"open": True, "mine": True, "answered": True},
        {"answered": False},
        {"title": "paper", "sort": "-due_at", "since": "+3d", "until": ""},
        {"status": ["open"], "tag": ["a", "b"], "columns": ["ref"]},
        {"limit": 0},
        {"limit": 2**53 - 1},
    ],
)
def test_what_a_view_may_hold(words):
    assert checked(words) == words


@pytest.mark.parametrize(
    "words",
    [
        {"open": False}, {"open": 1}, {"open": "true"}, {"answered": "no"}, {"answered": 0}, {"mine": None},
        {"title": 5}, {"sort": ["ref"]}, {"status": "open"}, {"status": []}, {"status": ["open", 5]},
        {"limit": -1}, {"limit": True}, {"limit": "5"}, {"limit": 2**53}, {"limit": 1.0},
        {"colour": "red"}, {"colour": 5}, {"watch": 5},
    ],
)  # fmt: skip
def test_what_a_view_may_not_hold(words):
    with pytest.raises(ValueError, match="is not a value of that option"):
        checked(words)


@pytest.mark.parametrize("words", [None, [], "open", [("open", True)]])
def test_the_words_are_an_object(words):
    with pytest.raises(ValueError, match="not an object"):
        checked(words)
