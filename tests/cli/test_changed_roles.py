"""What has to be decided before an agent becomes a requester."""

from tests.harness import Shell


def test_what_an_agent_holds_is_decided_by_flags(tmp_path):
    """Departments, teams and open tickets are named with the flags; nothing is written until all are decided."""
    desk = Shell(tmp_path)
    desk.tix("init")
    desk.people("sam:agent", "kim:agent", "lan:requester")
    desk.tix("team", "add", "hardware")
    desk.tix("user", "edit", "sam", "--teams", "hardware")
    for name in ("One", "Two", "Three"):
        desk.tix("new", name, "-m", "x", "--assign", "sam")
    desk.tix("close", 3)
    left = desk.tix("export").out
    refused = desk.tix("user", "edit", "sam", "--role", "requester", check=2).err
    assert "sam cannot be a requester and keep teams: hardware; 2 open tickets" in refused
    assert "--teams none --tickets-to LOGIN" in refused
    to_requester = ("--tickets-to", "lan")
    desk.tix("user", "edit", "sam", "--role", "requester", "--teams", "none", *to_requester, check=5)
    assert desk.tix("export").out == left
    desk.tix("user", "edit", "sam", "--role", "requester", "--teams", "none", "--tickets-to", "kim")
    assert [desk.tix("show", n, "--json").json["assignee"] for n in (1, 2, 3)] == ["kim", "kim", "sam"]
    desk.tix("user", "edit", "kim", "--tickets-to", "none")
    assert desk.tix("list", "--unassigned", "--count").out == "2\n"
    desk.close()
