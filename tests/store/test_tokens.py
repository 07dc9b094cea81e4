"""API keys in the store: who may manage them, who they act as, and what is written of their use."""

import pytest

from tests.factories import HOUR, T0, world
from tix.desk import people as desk_people
from tix.desk import tokens
from tix.domain.tokens import digest, make
from tix.errors import (
    AlreadyExists,
    InUse,
    InvalidValue,
    NotAllowed,
    NotFound,
    TixError,
    Unauthorized,
    UnknownName,
)

DAY = 24 * HOUR


@pytest.fixture
def office(tmp_path):
    with world(tmp_path) as made:
        yield made


def _written(office):
    """How often another connection would see the file change."""
    return office.store.connection.total_changes


# --------------------------------------------------------------------------------------------- adding, listing


def test_a_key_acts_as_its_owner(office):
    token, key = tokens.add(office.desk("rita"), "ci", expires=T0 + DAY)
    assert token[:-2] == ("ci", "rita", "read", T0, "rita", T0 + DAY, None)
    found, actor = tokens.authenticate(office.store, key, T0)
    assert found == token
    assert (actor.login, actor.via) == ("rita", None)


def test_each_key_is_another(office):
    assert len({tokens.add(office.desk("root"))[1] for _ in range(20)}) == 20


def test_a_key_without_a_name_gets_the_first_free_one(office):
    for name in ("Key-2", None, None):
        tokens.add(office.desk("root"), name)
    tokens.remove(office.desk("root"), "key-1")
    tokens.add(office.desk("rita"))
    assert [one.name for one in tokens.listed(office.desk("root"))] == ["key-1", "Key-2", "key-3"]


@pytest.mark.parametrize("name", ["CI", "ci", "  c i "])
def test_a_name_is_there_once_whatever_its_case(office, name):
    tokens.add(office.desk("root"), "ci" if name.strip() != "c i" else "C  I")
    with pytest.raises(AlreadyExists):
        tokens.add(office.desk("rita"), name)
    assert len(tokens.listed(office.desk("root"))) == 1


def test_a_removed_name_is_free_and_its_key_stays_dead(office):
    _, old = tokens.add(office.desk("root"), "ci")
    tokens.remove(office.desk("root"), "CI")
    _, new = tokens.add(office.desk("root"), "ci")
    with pytest.raises(Unauthorized):
        tokens.authenticate(office.store, old, T0)
    assert tokens.authenticate(office.store, new, T0)[0].name == "ci"


@pytest.mark.parametrize("expires", [T0, T0 - 1, 0])
def test_an_expiry_lies_in_the_future(office, expires):
    with pytest.raises(InvalidValue, match="already be expired"):
        tokens.add(office.desk("root"), expires=expires)
    assert tokens.listed(office.desk("root")) == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "a,b"}, InvalidValue),
        ({"name": " "}, InvalidValue),
        ({"scope": "all"}, InvalidValue),
        ({"login": "nobody"}, UnknownName),
        ({"login": "ben"}, UnknownName),  # inactive
    ],
)
def test_what_cannot_be_added(office, given, error):
    desk_people.edit(office.desk("root"), "ben", {"active": False})
    with pytest.raises(error):
        tokens.add(office.desk("root"), **given)
    assert tokens.listed(office.desk("root")) == []


@pytest.mark.parametrize("who", ["ann", "rita"])
def test_others_manage_their_own_keys_only(office, who):
    """Somebody else's key is not there for them, in the words for a key that never was."""
    _, other = tokens.add(office.desk("root"), "other", "ben")
    for login in ("root", "ben", "rolf"):
        with pytest.raises(NotAllowed):
            tokens.add(office.desk(who), login=login)
    tokens.add(office.desk(who), "mine")
    assert [one.name for one in tokens.listed(office.desk(who))] == ["mine"]
    for act in (tokens.get, tokens.remove):
        said = []
        for name in ("other", "never"):
            with pytest.raises(NotFound) as raised:
                act(office.desk(who), name)
            said.append(raised.value.message.replace(name, "NAME"))
        assert said[0] == said[1]
    assert tokens.remove(office.desk(who), "MINE").name == "mine"
    tokens.authenticate(office.store, other, T0)


def test_an_admin_manages_all_keys(office):
    token, _ = tokens.add(office.desk("root"), "b", "rita", "write")
    tokens.add(office.desk("ann"), "A")
    assert (token.login, token.created_by, token.may_write) == ("rita", "root", True)
    assert [one.name for one in tokens.listed(office.desk("root"))] == ["A", "b"]
    assert tokens.get(office.desk("rita"), "B") == token
    tokens.remove(office.desk("root"), "a")
    assert tokens.listed(office.desk("ann")) == []


def test_who_acts_for_somebody_is_named_as_who_made_it(office):
    desk = office.desk("rita").acting_as(
        office.desk("rita").actor._replace(via=office.desk("root").actor.person)
    )
    token, _ = tokens.add(desk, "ci")
    assert (token.login, token.created_by) == ("rita", "root")


# -------------------------------------------------------------------------------------------- authenticating


def _refusal(office, key, now=T0):
    with pytest.raises(Unauthorized) as raised:
        tokens.authenticate(office.store, key, now)
    error = raised.value
    assert key == "" or key not in f"{error}{error.message}{error.hint}{error!r}"
    return (error.code, error.exit_status, error.message, error.hint)


def test_every_refusal_has_the_same_words(office):
    """Malformed, unknown, expired, removed, inactive, merged: nobody learns which."""
    root = office.desk("root")
    _, good = tokens.add(root, "good", "ann")
    _, expired = tokens.add(root, "expired", "ann", expires=T0 + 10)
    _, removed = tokens.add(root, "removed", "ann")
    _, inactive = tokens.add(root, "inactive", "ben")
    _, merged = tokens.add(root, "merged", "rolf")
    for key in (good, expired, removed, inactive, merged):
        tokens.authenticate(office.store, key, T0 + 9)
    tokens.remove(root, "removed")
    desk_people.edit(root, "ben", {"active": False})
    desk_people.merge(root, "rolf", "rita")
    keys = [
        "", "tix_", "x" * 53, good[:-1], good + "0", f" {good}", good.upper(), "tix_" + "\udcff" * 49, "\0" * 53,
        digest(good), make(bytes(32)), expired, removed, inactive, merged,
    ]  # fmt: skip
    said = {_refusal(office, key, T0 + 10) for key in keys}
    assert said == {
        ("unauthorized", 4, "the API key is missing or not valid", "an API key is made by: tix token add")
    }
    assert tokens.authenticate(office.store, good, T0 + 10)[1].login == "ann"


def test_a_key_works_again_with_its_owner_but_not_for_a_merged_one(office):
    root = office.desk("root")
    _, key = tokens.add(root, "a", "ben")
    desk_people.edit(root, "ben", {"active": False})
    _refusal(office, key)
    desk_people.edit(root, "ben", {"active": True})
    tokens.authenticate(office.store, key, T0)
    desk_people.merge(root, "ben", "ann")
    desk_people.edit(root, "ben", {"active": True})
    _refusal(office, key)


def test_the_owner_is_as_they_are_now(office):
    _, key = tokens.add(office.desk("root"), "a", "ann")
    desk_people.edit(office.desk("root"), "ann", {"role": "admin"})
    assert tokens.authenticate(office.store, key, T0)[1].is_admin


@pytest.mark.sqlite
def test_authenticating_writes_nothing(office):
    _, key = tokens.add(office.desk("root"))
    before = _written(office)
    tokens.authenticate(office.store, key, T0)
    with pytest.raises(TixError):
        tokens.authenticate(office.store, make(bytes(32)), T0)
    assert _written(office) == before


# ------------------------------------------------------------------------------------------------ last use


@pytest.mark.sqlite
def test_the_last_use_is_written_every_ten_minutes(office):
    """A thousand requests in an hour are seven writes."""
    _, key = tokens.add(office.desk("root"), "ci")
    before, seen = _written(office), set()
    for second in range(0, HOUR + 1, 4):
        token, _ = tokens.authenticate(office.store, key, T0 + second)
        seen.add(tokens.touch(office.store, token, T0 + second).used_at)
    assert _written(office) - before == 7
    assert seen == {T0 + 600 * step for step in range(7)}
    assert tokens.get(office.desk("root"), "ci").used_at == T0 + HOUR


@pytest.mark.sqlite
def test_two_processes_write_one_use(office):
    """Both have read the key before either has written."""
    token, _ = tokens.add(office.desk("root"), "ci")
    before = _written(office)
    for later in (0, 1):
        assert tokens.touch(office.store, token, T0 + later).used_at == T0 + later
    assert _written(office) - before == 1
    assert tokens.get(office.desk("root"), "ci").used_at == T0


def test_a_clock_that_steps_back_changes_no_last_use(office):
    token, key = tokens.add(office.desk("root"), "ci")
    tokens.touch(office.store, token, T0 + DAY)
    token, _ = tokens.authenticate(office.store, key, T0)
    tokens.touch(office.store, token, T0)
    assert tokens.get(office.desk("root"), "ci").used_at == T0 + DAY


def test_the_use_of_a_key_that_is_gone_brings_nothing_back(office):
    token, _ = tokens.add(office.desk("root"), "ci")
    tokens.remove(office.desk("root"), "ci")
    tokens.add(office.desk("root"), "ci")
    tokens.touch(office.store, token, T0)
    assert [one.used_at for one in tokens.listed(office.desk("root"))] == [None]


# ---------------------------------------------------------------------------------------------- their people


@pytest.mark.parametrize("owner", ["rolf", "rita"])
def test_a_person_with_a_key_or_who_made_one_is_in_use(office, owner):
    desk_people.edit(office.desk("root"), "rolf", {"role": "admin"})
    tokens.add(office.desk("rolf"), "ci", owner)
    with pytest.raises(InUse, match="1 API keys"):
        desk_people.remove(office.desk("root"), "rolf")
    tokens.remove(office.desk("root"), "ci")
    desk_people.remove(office.desk("root"), "rolf")
