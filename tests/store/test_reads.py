"""What the desk reads for somebody: each use case asks who may, whichever surface calls it."""

import pytest

from tests.factories import ref, world
from tix.desk import backup, doctor, people, settings, workflows
from tix.desk.context import acting
from tix.desk.queue import home, search
from tix.desk.resources import resource
from tix.desk.resources.organisation import CLIENT
from tix.desk.schedules import schedules
from tix.desk.tickets import log, reply, unchanged
from tix.errors import NotAllowed, NotFound, UnknownName

FOR_STAFF = {
    "the people": people.listed,
    "who can hold tickets": people.holders,
    "another person": lambda desk: people.whole(desk, "rolf"),
    "the clients": lambda desk: resource.listed(desk, CLIENT),
    "a client": lambda desk: resource.shown(desk, CLIENT, "Acme"),
    "the schedules": schedules.listed,
    "the health of the desk": doctor.findings,
    "whether the store is whole": doctor.check,
    "what the store is": backup.info,
    "an internal setting": lambda desk: settings.get(desk, "os_users"),
}
FOR_EVERYBODY = {
    "themselves": lambda desk: people.whole(desk, "@me"),
    "the workflows": workflows.listed,
    "the workflow in use": workflows.shown,
    "the settings": settings.listed,
    "what a search takes": lambda desk: search.query(desk, ["printer"], []),
    "the inbox": home.inbox,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk with a ticket of rita's and one of rolf's."""
    with world(tmp_path_factory.mktemp("reads")) as made:
        made.new("rita")
        made.new("rolf")
        yield made


@pytest.mark.parametrize("what", FOR_STAFF)
def test_a_requester_reads_nothing_that_is_for_staff(desk, what):
    with pytest.raises(NotAllowed):
        FOR_STAFF[what](desk.desk("rita"))


@pytest.mark.parametrize("what", sorted(FOR_STAFF.keys() - {"a client", "the health of the desk"}))
def test_an_agent_reads_what_is_for_staff(desk, what):
    """Control: the same calls succeed for who may."""
    assert FOR_STAFF[what](desk.desk("ann")) is not None


@pytest.mark.parametrize("what", FOR_EVERYBODY)
def test_a_requester_reads_what_is_for_everybody(desk, what):
    assert FOR_EVERYBODY[what](desk.desk("rita"))


def test_a_requester_is_told_of_no_internal_setting(desk):
    named = {one.name for one in settings.listed(desk.desk("rita"))}
    assert "os_users" not in named
    assert "os_users" in {one.name for one in settings.listed(desk.desk("ann"))}


def test_only_an_admin_gets_the_settings_to_change(desk):
    with pytest.raises(NotAllowed):
        settings.changeable(desk.desk("ann"))
    assert "prefix" in settings.changeable(desk.desk("root"))


def test_the_first_screen_counts_what_its_reader_sees(desk):
    assert home.overview(desk.desk("rita")).counts["open"] == 1
    assert home.overview(desk.desk("ann")).counts["open"] == 2


def test_an_action_is_done_only_on_a_ticket_that_nobody_has_changed(tmp_path):
    """What was written meanwhile is told; done again with the id of that, it is done, and gives the id of its own."""
    with world(tmp_path) as made:
        made.new("rita")
        ann, rita, one = made.desk("ann"), made.desk("rita"), ref(1)
        seen = log.last_id(ann.store)
        reply.reply(rita, one, "It smokes.")
        with pytest.raises(unchanged.ChangedMeanwhile) as changed:
            unchanged.do(ann, one, seen, lambda desk, named: reply.reply(desk, named, "Unplug it."))
        assert "It smokes." in [line.item.body for line in changed.value.lines]
        outcome, last = unchanged.do(
            ann, one, changed.value.last, lambda desk, named: reply.reply(desk, named, "Unplug it.")
        )
        assert [item.body for item in outcome.items][:1] == ["Unplug it."]
        assert changed.value.last < last == log.last_id(ann.store)


def test_a_followed_log_begins_where_it_was_read_and_misses_nothing(tmp_path):
    with world(tmp_path) as made:
        made.new("rita")
        made.new("rolf")
        ann, rita = made.desk("ann"), made.desk("rita")
        ends = log.LogFilter(None, None, None, 0)
        last, there = log.there(ann, ends)
        reply.reply(ann, ref(2), "Hello.")
        assert log.there(ann, ends._replace(first=1))[1][-1].item.id != there[-1].item.id
        now, came = log.after(ann, ends, last)
        assert [line.item.body for line in came if line.item.body] == ["Hello."]
        assert log.after(ann, ends, now) == (now, [])
        assert log.after(rita, ends, last)[1] == []  # rolf's ticket
        with pytest.raises(NotFound):
            log.there(rita, ends._replace(reference=ref(2)))


def _acting(made, os_user, login, wanted=None, *, owns=False):
    return acting(
        made.store, os_user, login, wanted, made.now, full_name=lambda: "Nobody", owns=lambda path: owns
    )


def test_who_acts_is_the_desks_to_say(tmp_path):
    with world(tmp_path) as made:
        assert _acting(made, "ann", "ann").login == "ann"
        assert _acting(made, "root", "root", "rita").via_login == "root"
        for os_user, wanted in (("nobody", None), ("ann", "rita")):
            with pytest.raises(NotAllowed):
                _acting(made, os_user, os_user, wanted)
        with pytest.raises(UnknownName):
            _acting(made, "root", "root", "ghost")


@pytest.mark.sqlite
def test_a_name_that_is_no_login_is_somebody_only_for_the_owner_of_the_file(tmp_path):
    with world(tmp_path) as made:
        with pytest.raises(NotAllowed, match="Ann"):
            _acting(made, "Ann", "ann")
        assert _acting(made, "Ann", "ann", owns=True).login == "ann"
