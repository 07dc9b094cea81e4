"""What a desk refuses: names it does not know, values that mean nothing, changes that would break something.

Each refusal says what to do instead, is one object on standard error for scripts, and has written nothing.
"""

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness import Shell
from tests.stories.conftest import BOTH, DRIVERS, MORNING
from tests.stories.reading import untouched

WRITES = ("new T -m x", "edit 2")
AFTERNOON = "2026-04-01T15:00:00Z"
MADE = (
    *("user add sam --role agent", "user add kim --role agent", "user add gone --role agent"),
    "user add away --role agent --away-until 2026-05-01",
    *("client add acme", "client add shut"),
    *(
        "user add carl --client acme",
        "user add lan",
        "user add ana --manager lan",
        "user add ben --manager ana",
    ),
    "calendar add office --hours 'mon-fri 09:00-17:00'",
    "calendar add closed --hours 'mon 09:00-17:00'",
    *("sla add gold --grace 5h --calendar office", "sla add tin --grace 9h"),
    *("department add it --member sam --calendar office --sla gold", "department add attic"),
    "department add lab --workflow itflow",
    *("team add night --member kim", "team add day"),
    *("topic add crm --department it --team night --sla gold", "topic add past"),
    "topic field add crm brand --label Brand --kind choice --choices North,South --required",
    "topic field add crm since --kind date",
    "topic field add crm units --kind number",
    "topic field add crm urgent --kind boolean",
    "topic field add crm contact --kind email",
    "topic field add crm page --kind url",
    "topic field add crm cause --kind text --required-to-close",
    *("asset add PC-01 --client acme", "asset add junk"),
    *("type add outage", "priority add vital --rank 35"),
    "new Broken -m x --for carl --topic crm --field brand=North --asset PC-01 --type outage -p vital",
    "new Answered -m x --for lan --department it",
    "new Started -m x --for lan --department it -a kim",
    *("reply 2 -m y --as sam", "start 3 --as sam"),
    "new Moved -m x --for lan --department lab",
    *("edit 4 --status working --as kim", "config set default_department it", "config set default_sla gold"),
    "user edit gone --inactive",
    *("client edit shut --inactive", "calendar edit closed --inactive", "sla edit tin --inactive"),
    *("department edit attic --inactive", "team edit day --inactive", "topic edit past --inactive"),
    *("asset edit junk --inactive", "type edit issue --inactive", "priority edit low --inactive"),
)


@pytest.fixture(scope="module", params=BOTH)
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A desk where everything is used somewhere; it is exported as the same at the end."""
    shell = DRIVERS[request.param](tmp_path_factory.mktemp("busy"))
    shell.now = MORNING
    shell.tix("init")
    for line in MADE:
        shell.tix(*shlex.split(line))
    shell.now = AFTERNOON
    before = shell.tix("export").out
    yield shell
    assert shell.tix("export").out == before
    shell.close()


def refused(desk: Shell, line: str, exit: int, *named: str) -> dict[str, Any]:
    """The error of a command, which names these words and has written nothing."""
    with untouched(desk):
        told = desk.tix(*shlex.split(line), "--json", check=exit)
    assert told.out == ""
    first, *more = told.err.splitlines()
    assert first == json.dumps({"error": told.error})
    assert all(words.strip().startswith("your text is saved") for words in more)
    assert told.error["exit"] == exit
    assert told.error["hint"]
    for word in named:
        assert word in f"{told.error['message']}\n{told.error['hint']}"
    return told.error


# ------------------------------------------------------------------------------ names the desk does not know

PEOPLE = "ana, away, ben, carl, kim, lan"
PLANS = "sev-a, gold, sev-b, default, sev-c"
TYPES = "request, campaign, emulation, analyzed-email, leaked-credentials, outage"


@pytest.mark.parametrize(
    ("line", "valid"),
    [
        *((f"{verb} --department {name}", "it, lab") for verb in WRITES for name in ("nope", "attic")),
        *((f"{verb} --topic {name}", "crm") for verb in WRITES for name in ("nope", "past")),
        *((f"{verb} --sla {name}", PLANS) for verb in WRITES for name in ("nope", "tin")),
        *((f"{verb} --client {name}", "acme") for verb in WRITES for name in ("nope", "shut")),
        *((f"{verb} --asset {name}", "PC-01") for verb in WRITES for name in ("nope", "junk")),
        *((f"{verb} --type {name}", TYPES) for verb in WRITES for name in ("nope", "issue")),
        *(
            (f"{verb} -p {name}", "medium, high, vital, urgent")
            for verb in WRITES
            for name in ("nope", "low")
        ),
        *((f"{verb} --for {name}", PEOPLE) for verb in WRITES for name in ("nope", "gone")),
        ("new T -m x --assign nope", PEOPLE),
        ("assign 2 nope", PEOPLE),
        *((f"assign 2 team:{name}", "night") for name in ("nope", "day")),
        *((f"new T -m x --assign team:{name}", "night") for name in ("nope", "day")),
        ("list --department nope", "attic, it, lab"),
        ("list --topic nope", "crm, past"),
        ("list --client nope", "acme, shut"),
        ("list --team nope", "day, night"),
        ("list --asset nope", "PC-01, junk"),
        ("list --requester nope", PEOPLE),
        ("list --assignee nope", PEOPLE),
        *((f"topic add x --assignee {name}", PEOPLE) for name in ("nope", "gone")),
        *((f"topic add x --department {name}", "it, lab") for name in ("nope", "attic")),
        *((f"topic add x --team {name}", "night") for name in ("nope", "day")),
        *((f"topic edit crm --sla {name}", PLANS) for name in ("nope", "tin")),
        *((f"topic edit crm --priority {name}", "medium, high, vital, urgent") for name in ("nope", "low")),
        ("topic edit crm --status nope", "open, answered, in-progress, on-hold, resolved, closed"),
        *((f"department add x --sla {name}", PLANS) for name in ("nope", "tin")),
        *((f"department edit it --calendar {name}", "office") for name in ("nope", "closed")),
        ("department add x --workflow nope", "standard, dphish, backoffice, helpdesk, osticket, itflow"),
        *((f"department edit it --member {name}", PEOPLE) for name in ("nope", "gone")),
        *((f"team add x --member {name}", PEOPLE) for name in ("nope", "gone")),
        *((f"sla edit gold --calendar {name}", "office") for name in ("nope", "closed")),
        ("sla add x --grace 1h --override nope=1h", "medium, high, vital, urgent"),
        *((f"asset add x --client {name}", "acme") for name in ("nope", "shut")),
        *((f"user add x --client {name}", "acme") for name in ("nope", "shut")),
        *((f"user edit lan --manager {name}", PEOPLE) for name in ("nope", "gone")),
        *((f"user edit kim --departments it,{name}", "it, lab") for name in ("nope", "attic")),
        *((f"user edit kim --teams {name}", "night") for name in ("nope", "day")),
        ("user edit lan --role boss", "admin, agent, requester"),
        ("user edit carl --contact boss", "primary, technical, billing"),
        *((f"config set default_department {name}", "it, lab") for name in ("nope", "attic")),
        *((f"config set default_topic {name}", "crm") for name in ("nope", "past")),
        *((f"config set default_sla {name}", PLANS) for name in ("nope", "tin")),
        *((f"config set default_priority {name}", "medium, high, vital, urgent") for name in ("nope", "low")),
        ("config set workflow nope", "standard, dphish, backoffice, helpdesk, osticket, itflow"),
    ],
)
def test_what_a_flag_names_is_there_and_in_use(busy: Shell, line: str, valid: str):
    """An unknown name, or one out of use, is exit 2 as a flag's value, with the valid ones named."""
    refused(
        busy, line, 2, valid, line.rpartition(" ")[2].rpartition(",")[2].partition("=")[0].rpartition(":")[2]
    )


NOUNS = "department team topic sla calendar client asset type priority user workflow".split()


@pytest.mark.parametrize("noun", NOUNS)
def test_what_a_verb_is_about_is_there(busy: Shell, noun: str):
    """An unknown name is exit 3 as the thing a verb is about."""
    refused(busy, f"{noun} show nope", 3, "nope")
    refused(busy, f"{noun} rm nope", 3, "nope")
    if noun != "workflow":  # a workflow is written anew
        refused(busy, f"{noun} edit nope --inactive", 3, "nope")


@pytest.mark.parametrize(
    "line",
    [
        *("topic field list nope", "topic field add nope key", "topic field edit nope key --label x"),
        *("topic field rm nope key", "topic field edit crm nope --label x", "topic field rm crm nope"),
        *("workflow use nope", "show 99", "edit 99 --department it", "assign 99 kim"),
    ],
)
def test_what_else_a_verb_is_about_is_there(busy: Shell, line: str):
    """The same of a topic's fields and of tickets."""
    refused(busy, line, 3, "99" if "99" in line else "nope")


# ----------------------------------------------------------------------------------- what a topic asks

NEW = "new T -m x --topic crm"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (NEW, "brand"),
        (f"{NEW} --field brand=", "brand"),
        (f"{NEW} --field brand=East", "North, South"),
        (f"{NEW} --field brand=North --field since=soon", "since"),
        (f"{NEW} --field brand=North --field since=2026-02-30", "since"),
        (f"{NEW} --field brand=North --field units=many", "units"),
        (f"{NEW} --field brand=North --field urgent=maybe", "urgent"),
        (f"{NEW} --field brand=North --field contact=nobody", "contact"),
        (f"{NEW} --field brand=North --field page=nowhere", "page"),
        (f"{NEW} --field brand=North --field nope=1", "nope"),
        ("new T -m x --field brand=North", "brand"),
        ("edit 2 --topic crm", "brand"),
        ("edit 2 --topic crm --field brand=East", "North, South"),
        ("edit 1 --field brand=", "brand"),
        ("edit 1 --field brand=East", "North, South"),
        ("edit 1 --field nope=1", "nope"),
        ("edit 2 --field brand=North", "brand"),
    ],
)
def test_what_a_topic_asks(busy: Shell, line: str, named: str):
    """A required field that is missing, or a value outside its choices or its kind, is exit 2 and named."""
    refused(busy, line, 2, named)


def test_what_a_topic_needs_at_the_end(busy: Shell):
    """A field without which a ticket may not end is named too, but its state says no."""
    for verb in ("resolve 1", "close 1", "edit 1 --status closed", "reply 1 -m y --status resolved"):
        refused(busy, verb, 5, "cause")


# -------------------------------------------------------------------------------------------------- in use


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("department rm it", "3 tickets, 1 topic, 1 person, setting default_department"),
        ("department rm lab", "1 ticket"),
        ("team rm night", "1 ticket, 1 topic, 1 person"),
        ("topic rm crm", "1 ticket"),
        ("sla rm gold", "3 tickets, 1 topic, 1 department, setting default_sla"),
        ("calendar rm office", "1 department, 1 SLA plan"),
        ("client rm acme", "1 ticket, 1 person, 1 asset"),
        ("asset rm PC-01", "1 ticket"),
        ("type rm outage", "1 ticket"),
        ("priority rm vital", "1 ticket"),
        ("user rm carl", "1 ticket"),
    ],
)
def test_what_is_used_stays(busy: Shell, line: str, where: str):
    """`rm` of something in use is exit 5, says where, and offers to take it out of use instead."""
    refused(busy, line, 5, where, "--inactive", line.rpartition(" ")[2])


# ------------------------------------------------------------------------------------- people and tickets


@pytest.mark.parametrize("line", ["lan --manager ben", "lan --manager ana", "lan --manager lan"])
def test_nobody_is_their_own_manager(busy: Shell, line: str):
    """A circle of managers is exit 5."""
    refused(busy, f"user edit {line}", 5, "manager", "lan")


@pytest.mark.parametrize("who", ["gone", "away", "lan"])
@pytest.mark.parametrize("verb", ["new T -m x --assign", "assign 2"])
def test_who_takes_no_tickets(busy: Shell, verb: str, who: str):
    """Assigning somebody inactive, away or no staff is exit 5."""
    refused(busy, f"{verb} {who}", 5, who)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("edit 2 --department lab", ["answered", "--map"]),
        ("department edit it --workflow dphish", ["answered", "in-progress", "--map"]),
        ("workflow use dphish", ["answered", "--map"]),
        ("config set workflow dphish", ["answered", "--map"]),
    ],
)
def test_every_status_has_a_place(busy: Shell, line: str, named: list[str]):
    """A transfer into a workflow that lacks a status is exit 5 with the list of what needs a mapping."""
    refused(busy, line, 5, *named)


# ---------------------------------------------------------------------------------------- hours and values


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--hours 'mon-fri 17:00-09:00'", "17:00-09:00"),
        ("--hours 'mon-fri 09:00-09:00'", "09:00-09:00"),
        ("--hours 'mon 09:00-12:00, mon 11:00-15:00'", "overlap"),
        ("--hours 'mon 25:00-26:00'", "25:00-26:00"),
        ("--hours 'noday 09:00-17:00'", "noday"),
        ("--hours ''", "hours"),
        ("--hours 'mon 09:00-17:00' --zone Mars/Olympus", "Mars/Olympus"),
        ("--hours 'mon 09:00-17:00' --zone ../../etc/localtime", "../../etc/localtime"),
        ("--hours 'mon 09:00-17:00' --country XX", "XX"),
        ("--hours 'mon 09:00-17:00' --country Atlantis", "ATLANTIS"),
        ("--hours 'mon 09:00-17:00' --country DE-XX", "DE-BY"),
        ("--hours 'mon 09:00-17:00' --holiday 2026-02-30", "2026-02-30"),
    ],
)
@pytest.mark.parametrize("verb", ["calendar add x", "calendar edit office"])
def test_hours_zones_and_holidays_are_real(busy: Shell, verb: str, words: str, named: str):
    """Time zones and countries that do not exist, hours that end before they begin: exit 2."""
    refused(busy, f"{verb} {words}", 2, named)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("calendar add x", "--hours"),
        ("sla add x", "--grace"),
        ("sla add x --grace 0", "0"),
        ("sla add x --grace soon", "soon"),
        ("sla add x --grace 1h --response 2h", "--response"),
        ("priority add x", "--rank"),
        ("client add x --domain nonsense_", "nonsense_"),
        ("client add x --rate free", "free"),
        ("client add x --rate -5", "-5"),
        ("client add x --currency euros", "euros"),
        ("department add x --email nonsense", "nonsense"),
        ("department add none", "none"),
        ("department add a,b", "a,b"),
        ("topic add a//b", "help topic"),
        ("user add x --email nonsense", "nonsense"),
        ("user edit kim --away-until someday", "someday"),
        ("topic field add crm x --kind colour", "text, choice, number, date, boolean, email, url"),
        ("topic field add crm x --kind choice", "--choices"),
        ("topic field add crm x --kind number --default many", "many"),
        ("topic field add crm 'not a key'", "not a key"),
        ("user edit lan --contact technical", "--client"),
        ("user edit lan --departments it", "lan"),
        ("department edit it --member lan", "lan"),
        ("topic edit crm --assignee lan", "lan"),
        ("new T -m x --client shut --for carl", "acme"),
    ],
)
def test_values_mean_something(busy: Shell, line: str, named: str):
    """What a noun cannot be made of is exit 2, and the flag or the value is named."""
    refused(busy, line, 2, named)


@pytest.mark.parametrize(
    "line",
    [
        *("department add it", "team add night", "topic add crm", "client add acme", "asset add PC-01"),
        *("calendar add office --hours 'mon 09:00-10:00'", "sla add gold --grace 1h", "type add outage"),
        *("priority add vital --rank 50", "user add lan", "topic field add crm brand", "workflow rm itflow"),
    ],
)
def test_what_is_there_is_not_made_again(busy: Shell, line: str):
    """A second one of the same name is exit 5."""
    refused(busy, line, 5)
