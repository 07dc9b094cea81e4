"""Who may do what over HTTP: the written table of the command line (``tests/e2e/golden/permissions.txt``) holds there."""

import itertools
import os
import re
import shutil
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from tests.api.site import served
from tests.laws.office import (
    ASSET,
    CANARY,
    CLIENT,
    OTHER_ASSET,
    OTHER_CLIENT,
    OUTSIDE,
    PLACES,
    PLAN,
    ROLES,
    STAFF,
    TEAM,
    Office,
)
from tests.laws.test_permissions import GOLDEN
from tix.api.routes import ROUTES
from tix.cli.remote.offered import NOUNS
from tix.desk.completion.kinds import KINDS

pytestmark = pytest.mark.long

# The requests of the lines of the table: path after the ticket, and body; PATCH and DELETE have no path.
REQUESTS = {
    "show N": ("GET", "", None),
    "why N": ("GET", "/why", None),
    "reply N -m text": ("POST", "/replies", {"message": "text"}),
    "reply N -m text --time 5m": ("POST", "/replies", {"message": "text", "time": "5m"}),
    "note N -m text": ("POST", "/notes", {"message": "text"}),
    "time add N 25m": ("POST", "/time", {"time": "25m"}),
    "time start N": ("POST", "/time/start", {}),
    "time stop N": ("POST", "/time/stop", {}),
    "assign N ann": ("POST", "/assign", {"assignee": "ann"}),
    "claim N": ("POST", "/claim", {}),
    "snooze N --until +3d": ("POST", "/snooze", {"until": "+3d"}),
    "start N": ("POST", "/start", {}),
    "hold N": ("POST", "/hold", {}),
    "resolve N": ("POST", "/resolve", {}),
    "close N": ("POST", "/close", {}),
    "close N --note text": ("POST", "/close", {"note": "text"}),
    "reopen N": ("POST", "/reopen", {}),
    "rate N 5": ("POST", "/rating", {"stars": 5}),
    "merge N --into 1 --yes": ("POST", "/merge", {"into": "1", "yes": True}),
    "unmerge N": ("POST", "/unmerge", {}),
    "split N --entry 999999": ("POST", "/split", {"entries": [999999]}),
    "link N relates 1": ("POST", "/link", {"relation": "relates", "ticket": "1"}),
    "unlink N relates 1": ("POST", "/unlink", {"relation": "relates", "ticket": "1"}),
    "follow N": ("POST", "/follow", {}),
    "follow N --who ann": ("POST", "/follow", {"who": "ann"}),
    "edit N --subject changed": ("PATCH", "", {"subject": "changed"}),
    "attach rm N plan.txt": ("DELETE", "/attachments/{file:file}", None),
    "delete N --yes": ("DELETE", "", None),
}
# The requests of the lines about the desk.
OF_THE_DESK = {
    "notification read --all": ("POST", "notifications/read", {"all": True}),
    "time rm 99": ("DELETE", "time/99", None),
    "undo": ("POST", "undo", {}),
    "redo": ("POST", "redo", {}),
    "view add Fresh --all": ("POST", "views", {"name": "Fresh", "all": True}),
    "view add Fresh --all --shared": ("POST", "views", {"name": "Fresh", "all": True, "shared": True}),
    "view edit wrong --sort number": ("PATCH", "views/wrong", {"sort": "number"}),
    "view rm wrong": ("DELETE", "views/wrong", None),
    "triage": ("GET", "triage", None),
    "notification rules": ("GET", "notifications/rules", None),
    "notification mute changed": ("POST", "notifications/mute", {"rules": ["changed"]}),
    "notification unmute changed": ("POST", "notifications/unmute", {"rules": ["changed"]}),
}
# The requests of lines about the desk, which read.
READS = {
    "whoami": "whoami",
    "user list": "people",
    **{f"{noun} list": f"{path}" for noun, path in NOUNS.items()},
    "notification list": "notifications",
    "user show @me": "people/@me",
    "user show otto": "people/otto",
    "user show wrong": "people/wrong",
    f"client show {CLIENT}": f"clients/{CLIENT}",
    f"client show '{OTHER_CLIENT}'": f"clients/{quote(OTHER_CLIENT)}",
    "department show Support": "departments/Support",
    "department show wrong": "departments/wrong",
    f"team show '{TEAM}'": f"teams/{quote(TEAM)}",
    "topic show Printer": "topics/Printer",
    "topic field list Printer": "topic-fields?topic=Printer",
    f"sla show '{PLAN}'": f"slas/{quote(PLAN)}",
    "sla show wrong": "slas/wrong",
    "calendar show Spare": "calendars/Spare",
    "canned show wrong": "canned/wrong",
    f"asset show {ASSET}": f"assets/{ASSET}",
    f"asset show '{OTHER_ASSET}'": f"assets/{quote(OTHER_ASSET)}",
    "asset show wrong": "assets/wrong",
    "type show issue": "types/issue",
    "priority show low": "priorities/low",
    "view list": "views",
    "view show wrong": "views/wrong",
    "view use wrong": "views/wrong",
    "time timers": "timers",
    "invoice list": "invoices",
    "invoice show 1": "invoices/1",
    "invoice show 99": "invoices/99",
    "schedule list": "schedules",
    "schedule show Spare": "schedules/Spare",
    "schedule show wrong": "schedules/wrong",
    "config list": "settings",
    "config get prefix": "settings/prefix",
    "config get default_sla": "settings/default_sla",
    "stats": "stats",
    "report summary": "reports/summary",
    "workflow list": "workflows",
    "workflow show standard": "workflows/standard",
}
# Of these the table has no line, or has it about each ticket: tests/laws/test_scope_law.py, tests/api/test_events.py.
_OF_TICKETS = {
    *(
        "tickets",
        "tickets/count",
        "search",
        "search/count",
        "inbox",
        "questions",
        "events",
        "log",
        "export",
        "completion",
        "time",
    ),
    *(OF_THE_DESK[one][1] for one in ("notification rules", "triage")),
    "form",
}
_EXITS = {404: "3", 403: "4", 409: "5", 422: "2"}
# Their rows in the table are about files, in tests/api/test_uploads.py; thread, events and aside are parts of show.
_ELSEWHERE = {"/attachments", "/thread", "/events", "/aside"} | {("GET", "/attachments/{file:file}")}
# What can be split off is for who may split.
_LISTED = ("GET", "/split")
_FILE = "SELECT id FROM attachment WHERE name = 'plan.txt' AND item_id IN (SELECT id FROM item WHERE ticket_id = (SELECT id FROM ticket WHERE number = {}))"


def written() -> dict[str, dict[str, list[str]]]:
    """The cells of the table: by line, role and place."""
    found: dict[str, dict[str, list[str]]] = {}
    rows: dict[str, list[str]] = {}
    for line in GOLDEN.read_text().split("\n"):
        if line.startswith("tix "):
            rows = found.setdefault(line.removeprefix("tix "), {})
        for role in ROLES:
            if line.startswith(f"{role:<18} "):
                rows[role] = line[19:].split()
    return found


def written_of_the_desk() -> dict[str, dict[str, str]]:
    """The cells of the lines that are about no ticket: by line and role."""
    lines = GOLDEN.read_text().partition("# Verbs about the desk")[2].split("\n")
    cells = [
        line.removeprefix("tix ").rsplit(maxsplit=len(ROLES)) for line in lines if line.startswith("tix ")
    ]
    return {line.strip(): dict(zip(ROLES, of_roles, strict=True)) for line, *of_roles in cells}


def test_every_route_about_a_ticket_is_in_the_table():
    asked = {(method, path) for method, path, _ in REQUESTS.values()}
    about = {
        (route.method, route.path.removeprefix("/tickets/{id}"))
        for route in ROUTES
        if route.path.startswith("/tickets/{id}")
    }
    assert {one for one in about if not _ELSEWHERE & {one, one[1]}} == asked | {_LISTED}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def keys(office: Office) -> dict[str, str]:
    """A key of each role."""
    made = {}
    for role, login in ROLES.items():
        words = ("token", "add", f"of {role}", "--user", login or office.desk.admin, "--scope", "write")
        made[role] = office.desk.tix(*words, "--json").json["key"]
    return made


def test_every_role_may_do_over_http_what_the_table_says_of_the_desk(office: Office, keys: dict[str, str]):
    """By role; each request on the desk as the command found it."""
    desk, wrong = office.desk, []
    tried = desk.copy("asked.db")
    rows = written_of_the_desk()
    with served(SimpleNamespace(store=tried, now=desk.now), {}) as site:
        for line, (method, path, body) in OF_THE_DESK.items():
            for role, cell in rows[line].items():
                shutil.copyfile(desk.store, fresh := tried.with_suffix(".new"))
                os.rename(fresh, tried)
                reply = site.ask(method, path, body, by=None, Authorization=f"Bearer {keys[role]}")
                # At the shell triage asks for a terminal before anything else.
                wanted = cell if line != "triage" else "yes" if role in STAFF else "4"
                if _EXITS.get(reply.status, "yes") != wanted:
                    wrong.append((line, role, cell, reply.status, reply.body))
    assert wrong == []


def _is_listed_alike(site, number: int, as_role, status: int) -> bool:
    """Whether what can be split off is listed for who may split, and refused to others as splitting is."""
    listed = site.ask("GET", f"tickets/{number}/split", **as_role).status
    return listed == status if status in (403, 404) else listed in (200, 409)


def test_every_role_may_do_over_http_what_the_table_says(office: Office, keys: dict[str, str]):
    """By role, verb and whose ticket it is; and a ticket out of sight is answered as one that is not there."""
    desk = office.desk
    resolved = desk.copy("resolved.db")
    desk.tix("resolve", "1-99", store=resolved)
    table, tried, wrong = written(), desk.folder / "tried.db", []
    shutil.copyfile(desk.store, tried)
    with served(SimpleNamespace(store=tried, now=desk.now), {}) as site:
        for line, (method, path, body) in REQUESTS.items():
            base = resolved if line.startswith(("reopen", "rate")) else desk.store
            for role, cells in table[line].items():
                for place, cell in zip(PLACES, cells, strict=True):
                    if cell == "-":
                        continue
                    if method != "GET":
                        shutil.copyfile(base, fresh := tried.with_suffix(".new"))
                        os.rename(fresh, tried)
                    number = office.numbers[role, place]
                    as_role = {"by": None, "Authorization": f"Bearer {keys[role]}"}
                    if method in ("PATCH", "DELETE"):
                        version = site.rows(f"SELECT version FROM ticket WHERE number = {number}")[0][0]
                        as_role["If_Match"] = f'"{version}"'
                    file = site.rows(_FILE.format(number))
                    way = path.replace("{file:file}", str(file[0][0]) if file else "1")
                    reply = site.ask(method, f"tickets/{number}{way}", body, **as_role)
                    assert path != "/split" or _is_listed_alike(site, number, as_role, reply.status), (
                        role,
                        place,
                    )
                    done = "yes" if cell in ("note", "public") else cell
                    if _EXITS.get(reply.status, "yes") != done:
                        wrong.append((line, role, place, cell, reply.status, reply.body))
                    elif cell in ("note", "public") and path == "":
                        notes = any(one["kind"] == "note" for one in reply.body["thread"])
                        assert notes == (cell == "note"), (line, role, place)
                    elif reply.status == 404 and reply.body["detail"].endswith(f"-{number}"):
                        absent = site.ask(method, f"tickets/9999{way}", body, **as_role | {"If_Match": '"1"'})
                        assert str(absent.body).replace("9999", str(number)) == str(reply.body)
    assert wrong == []


def test_every_route_that_reads_the_desk_is_in_the_table():
    read = {
        route.path.removeprefix("/")
        for route in ROUTES
        if route.method == "GET" and not route.path.startswith("/tickets/{id}")
    }
    asked = {_route_of(path) for path in READS.values()}
    assert read == asked | _OF_TICKETS
    assert READS.keys() <= written_of_the_desk().keys()


def _route_of(path: str) -> str:
    """The path that the table of routes has."""
    return re.sub(r"/.*", "/{name:path}", path.partition("?")[0])


def test_every_role_may_read_over_http_what_the_table_says(office: Office, keys: dict[str, str]):
    """By role and noun; and what is out of sight is answered as what is not there."""
    desk, wrong = office.desk, []
    table = written_of_the_desk()
    with served(SimpleNamespace(store=desk.store, now=desk.now), {}) as site:
        for line, path in READS.items():
            for role, cell in table[line].items():
                reply = site.ask("GET", path, by=None, Authorization=f"Bearer {keys[role]}")
                if _EXITS.get(reply.status, "yes") != cell:
                    wrong.append((line, role, cell, reply.status, reply.body))
                if cell == "yes" and role in OUTSIDE:
                    assert CANARY not in str(reply.body), (line, role)
        # What they type is no secret, but what is completed has nothing of the staff's either.
        of_staff = 0
        for kind, more in itertools.product(
            KINDS, ("", "&every=true", "&topic=Printer", "&topic=Printer&key=brand")
        ):
            for role, key in keys.items():
                path = f"completion?kind={kind}{more}"
                reply = site.ask("GET", path, by=None, Authorization=f"Bearer {key}")
                assert reply.status == 200, (kind, role, reply)
                assert role not in OUTSIDE or CANARY not in str(reply.body), (kind, role)
                of_staff += CANARY in str(reply.body)
        assert of_staff >= 10
    assert wrong == []
