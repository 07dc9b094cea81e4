"""Who follows a ticket: one internal event for each who comes or goes."""

from tests.factories import author, ticket
from tix.domain.tickets import followers
from tix.domain.tickets.ticket import play


def said(items):
    """Of each event what it says, and whether only staff read it."""
    return [(item.type, item.field, item.old, item.new, item.internal) for item in items]


def test_each_who_comes_is_one_event():
    """Once, and in the order they came."""
    items = followers.follow(ticket(), ["ann", "x@y.example", "ann"], author())
    assert said(items) == [
        ("followed", "watchers", None, "ann", True),
        ("followed", "watchers", None, "x@y.example", True),
    ]
    assert play(ticket(), items[:1]).watcher_list() == ["ann"]
    assert play(ticket(), items).watcher_list() == ["ann", "x@y.example"]


def test_who_follows_it_already_is_no_event():
    held = ticket(watchers='["ann"]')
    assert followers.follow(held, ["ann"], author()) == []
    assert play(held, followers.follow(held, ["ann", "ben"], author())).watcher_list() == ["ann", "ben"]


def test_who_goes_is_one_event():
    held = ticket(watchers='["ann","ben"]')
    items = followers.leave(held, "ann", author())
    assert said(items) == [("followed", "watchers", "ann", None, True)]
    assert play(held, items).watcher_list() == ["ben"]
    last = ticket(watchers='["ann"]')
    assert play(last, followers.leave(last, "ann", author())).watchers is None


def test_who_does_not_follow_it_cannot_go():
    assert followers.leave(ticket(), "ann", author()) == []
    assert followers.leave(ticket(watchers='["ben"]'), "ann", author()) == []
