"""Names of nouns compare whatever their capitals and normal form, for every letter."""

import json

import pytest

from tests.harness import Shell

NFD = "Cafe\u0301"
GROUPS = ["department", "team", "client", "asset", "topic"]


@pytest.mark.parametrize("group", GROUPS)
def test_a_noun_is_found_by_every_spelling_and_made_once(desk: Shell, group: str):
    desk.tix("init")
    for name in ("Übung", "Café"):
        desk.tix(group, "add", name)
    for word in ("übung", "U\u0308BUNG", "café", NFD, "CAFÉ"):
        assert json.loads(desk.tix(group, "show", word, "--json").out)["name"] in ("Übung", "Café")
        desk.tix(group, "add", word, check=5)


def test_a_ticket_and_a_filter_name_it_too(desk: Shell):
    desk.tix("init")
    desk.tix("department", "add", "Übung")
    desk.tix("new", "a", "-m", "x", "--department", "übung")
    assert desk.tix("list", "--department", "U\u0308bung", "--count").out.strip() == "1"
    desk.tix("config", "set", "default_department", "ÜBUNG")
    assert desk.tix("config", "get", "default_department").out.strip() == "Übung"


def test_an_import_makes_no_twin(desk: Shell):
    desk.tix("init")
    desk.tix("department", "add", "Übung")
    desk.tix("import", "-", stdin="subject,department\na,übung\nb,U\u0308BUNG\nc,Café\nd,cafe\u0301\n")
    names = [one["name"] for one in json.loads(desk.tix("department", "list", "--json").out)]
    assert sorted(names) == ["Café", "Übung"]
