"""What an agent no longer sees, and work that nobody would be billed for, are said."""

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.people("kim:agent", "lan:requester")
    for name in ("Support", "Sales"):
        shell.tix("department", "add", name)
    shell.tix("client", "add", "Acme", "--domain", "acme.example", "--rate", "90")
    shell.tix("asset", "add", "PC 17", "--client", "Acme")
    yield shell
    shell.close()


def test_what_an_agent_sees_is_said(desk: Shell):
    sees = "kim sees tickets of Support, tickets without a department, and those they raised, hold or follow; not those of Sales."
    assert sees in desk.tix("user", "edit", "kim", "--departments", "Support").err
    assert sees in desk.tix("user", "show", "kim", "-o", "table").err
    assert sees in desk.tix("whoami", as_="kim").err
    assert "kim sees only those they raised" in desk.tix("user", "edit", "kim", "--departments", "none").err
    assert "sees" not in desk.tix("user", "edit", "kim", "--departments", "all").err
    assert "not those of" not in desk.tix("whoami", as_="lan").err


def test_a_client_is_offered(desk: Shell):
    told = desk.tix("user", "add", "ben", "--email", "ben@acme.example").err
    assert "ben has no client, but the address ben@acme.example has a domain of client Acme." in told
    assert "tix user edit ben --client 'Acme'" in told
    desk.tix("user", "edit", "ben", "--client", "Acme")
    assert "the manager ben belongs to client Acme" in desk.tix("user", "add", "tim", "--manager", "ben").err
    assert "client" not in desk.tix("user", "add", "zoe", "--email", "zoe@x.example").err
    terminal = desk.terminal("user", "add", "amy", "--email", "amy@acme.example")
    terminal.expect("Does amy belong to client Acme?")
    terminal.send("y\r")
    terminal.expect("amy belongs to client Acme.")
    terminal.wait()
    assert desk.tix("user", "show", "amy", "--json").json["client"] == "Acme"


def test_the_client_of_an_asset_is_the_tickets(desk: Shell):
    desk.tix("new", "Dark", "-m", "x", "--for", "lan", "--asset", "PC 17")
    assert desk.tix("show", 1, "--json").json["client"] == "Acme"


def test_work_that_is_not_covered_is_said(desk: Shell):
    desk.tix("new", "One", "-m", "x", "--for", "lan", "--asset", "PC 17")
    desk.tix("new", "Two", "-m", "x", "--for", "lan")
    desk.tix("time", "add", 1, "1h")
    assert "Not covered" not in desk.tix("time", "list", "--unbilled").err
    desk.tix("time", "add", 2, "90m")
    for words in (("time", "list", "--unbilled"), ("invoice", "create", "--client", "Acme")):
        told = desk.tix(*words).err
        assert "Not covered: 1h30m on 1 ticket without a client (TIX-2)." in told
        assert "tix edit TIX-2 --client NAME" in told
    assert "Not covered" not in desk.tix("time", "list").err
