"""What is set up, and what is worked out, reads on a server as on a file: the same words, bytes and exit status."""

import json

import pytest

from tests.harness import Shell
from tests.remote.test_hostile import http, pretender, says
from tests.remote.twins import Twins, typed

# Read by each of these people, in every format of FORMATS.
PEOPLE = ("ada", "tim", "lan")
FORMATS = ("", "--json", "-o table", "-o csv")
NOUNS = {
    "clients": ["client show acme", "client show ACME", "client show umbrella", "client show none", "client show ''", "client list"],
    "departments": ["department show Support", "department show '../people'", "department list"],
    "teams": ["team show Night", "team show nothing"],
    "topics": ["topic show Repair", "topic show Repair/Screen", "topic show repair/screen", "topic show Repair/Nothing",
               "topic field list Repair", "topic field list Repair/Screen", "topic field list Nothing", "topic field Repair"],
    "plans": ["sla show gold", "sla show sev-a", "sla show '?x=1#y'", "calendar show office", "calendar show '%2e%2e'"],
    "assets": ["asset show PC-17", "asset show pc-17", "asset show x"],
    "types": ["type show issue", "type show nothing", "priority show urgent", "priority show emergency"],
    "canned": ["canned show 'by phone'", "canned show 'by phone' --for 1", "canned show 'by phone' --for 9",
               "canned show 'by phone' --for x", "canned show nothing --for 1"],
    "people": ["user show lan", "user show LAN", "user show @me", "user show lan@acme.example", "user show tim", "user show nobody",
               "user show old", "user show 'a b/../c'", "user list --client acme", "user list --client nothing",
               "user list --client umbrella --role agent", "user list --role colour", "user list --all"],
    "figures": ["stats", "stats --since -30d", "stats --since 2026-11-30 --until today", "stats --since colour", "stats -c open,by_status",
                *(f"report {name}" for name in ("weeks", "summary", "sla", "agents", "aging", "ratings", "time", "colour", "''")),
                "report time --since 2026-11-30", "report summary --until -1d", "report agents -c assignee,open", "report aging -c x"],
    "views": ["view list", "view show mine", "view show MINE", "view show mine --shared", "view show 'all of them'", "view show 'my  way'",
              "view show nothing", "view show nothing --shared", "list --view mine", "list --view 'all of them'", "list --view 'my way'",
              "list --view gone", "list --view nothing", "list --view mine --limit 1", "list --view mine --sort subject -c ref,number",
              "list --view 'all of them' --count", "list --view mine cable", "list --view fast --all", "list --view mine --client acme",
              "list --view mine -p colour", "list --view mine --open --closed"],
    "times": ["time list", "time list 3", "time list 9", "time list x", "time list --by sam", "time list --by nobody", "time list --unbilled",
              "time list --since 2026-11-30 --until today", "time list --since colour", "time list --limit 1", "time list --limit 0",
              "time list 3 --by ada --limit 1", "time list -c id,text", "time timers"],
    "invoices": ["invoice list", "invoice list --client acme", "invoice list --client ACME", "invoice list --client nothing", "invoice show 1",
                 "invoice show 2", "invoice show 9", "invoice show x", "invoice show 99999999999999999", "invoice list --client umbrella"],
    "schedules": ["schedule list", "schedule show backup", "schedule show PAUSED", "schedule show nothing", "schedule next backup",
                  "schedule next paused --count 2", "schedule next backup --count 1000", "schedule next backup --count 1001",
                  "schedule next nothing"],
    "settings": ["config list", "config get prefix", "config get default_sla", "config get mail.smtp.host", "config get prefx"],
    "workflows": ["workflow list", "workflow show", "workflow show standard", "workflow show ITFLOW", "workflow show nothing"],
}  # fmt: skip


def read(office: Twins, lines: list[str], who: str) -> int:
    """Compare each line in every format; return how many were answered."""
    different, answered = [], 0
    for line in lines:
        for how in FORMATS:
            words = [*typed(line)[1], *how.split()]
            try:
                answered += office.same(*words, as_=who).code == 0
            except AssertionError as error:
                different.append(str(error))
    assert not different, "\n\n".join(different)
    return answered


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("nouns", NOUNS)
def test_a_noun_reads_as_on_a_file(office: Twins, nouns: str, who: str):
    answered = read(office, NOUNS[nouns], who)
    assert answered >= len(FORMATS) or who == "lan"


def test_a_client_names_all_of_its_tickets(office: Twins, monkeypatch: pytest.MonkeyPatch):
    """One answer names some of them; scripts get the others from the list, in the same order."""
    from tix.cli.remote import nouns

    monkeypatch.setattr(nouns, "_MOST_NAMED", 1)
    assert len(office.same("client", "show", "acme", "--json").json["tickets"]) == 2
    assert len(office.same("client", "show", "acme", "--json", as_="sam").json["tickets"]) == 2


@pytest.mark.parametrize(
    "words",
    ["client show x", "topic show x", "user show x", "workflow show x", "workflow list", "canned show x", "topic field list x", "stats", "report agents",
     "time list", "time timers", "invoice list", "invoice show 1", "schedule list", "schedule show x", "schedule next x", "config list"],
)  # fmt: skip
@pytest.mark.parametrize(
    "lie", [{}, {"name": 1}, {"name": "x", "statuses": [], "rules": []}, [[]], [{"name": None}]]
)
def test_a_noun_that_is_none_is_not_drawn(desk: Shell, words: str, lie: object):
    with pretender(says(http(json.dumps(lie).encode()))) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
        done = desk.inside(*words.split(), "-o", "table", check=8, env=env)
    assert done.out == ""


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "XYZ-05:45"])
def test_a_day_is_a_day_where_the_person_is(office: Twins, zone: str):
    """Late in the evening of one zone it is tomorrow in another: what was done since is another number there."""
    for line in (
        "stats --since today",
        "stats -o table",
        "report aging",
        "report summary --until today",
        "report summary",
    ):
        office.same(*line.split(), env={"TZ": zone})


@pytest.mark.parametrize("kind", ["md", "html", "csv", "pdf"])
def test_an_invoice_is_the_same_document(office: Twins, kind: str):
    for who, number in (("ada", 1), ("sam", 2), ("tim", 1), ("lan", 2)):
        words = ("invoice", "export", number, "-o", kind)
        here, there = office.here(*words, as_=who), office.there(*words, as_=who)
        assert (here.code, here.raw_out, here.err) == (there.code, there.raw_out, there.err)


EXPORTS = [
    "export", "export --no-files", "export -o json --no-files", "export -o csv", "export -c ref,status,field.colour", "export -o json -c ref,body",
    "export -o csv -c ref,subject,field.colour", "export --client acme", "export --count", "export --open --count", "export --title cable --count",
    "export -s resolved --count", "export --limit 2", "export --limit 0 --sort -number", "export --tag none-has-it", "export -o colour",
    "export -o json --tag none-has-it", "export -o csv --tag none-has-it", "export --requester nobody", "export -o table", "export -c colour",
    "export missing/x.jsonl", "export out.jsonl", "export out.jsonl", "export out.jsonl --force --closed", "export -o json --json -c ref",
]  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_an_export_is_the_same(office: Twins, who: str):
    for line in EXPORTS:
        office.same(*typed(line)[1], as_=who)
    here, there = (shell.folder / "out.jsonl" for shell in (office.local, office.far))
    assert here.read_bytes() == there.read_bytes()
    assert b'"ref": ' in here.read_bytes()
    here.unlink()
    there.unlink()


def test_an_export_that_breaks_off_leaves_no_file(desk: Shell):
    line = b'{"ref": "TIX-1"}\n'
    for body in (
        line,
        b"[1]\n",
        b"{}\n",
        b"nonsense\n",
        b'{"desk": "\x1b[31m"}\n',
        '{"desk": "\u202e"}\n'.encode(),
    ):
        with pretender(says(http(body, "application/x-ndjson"))) as port:
            env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
            assert desk.inside("export", "out.jsonl", check=8, env=env).out == ""
    with pretender(says(http(b'{"desk": {}}\n{"de', "application/x-ndjson"))) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
        assert desk.inside("export", "out.jsonl", check=6, env=env).out == ""
    assert list(desk.folder.glob("*out.jsonl*")) == []
