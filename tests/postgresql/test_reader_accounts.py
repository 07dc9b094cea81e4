"""People's own accounts, tried by somebody who wants more: what they read is what tix shows them, to the last word.

Every secret of the desk has a word of its own. What somebody may read is asked of tix; every other word must not come out of
anything that their account can reach: tables, views, functions, errors, notices, plans, statistics.
"""

import json
import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.harness import Shell
from tests.postgresql.test_statements import everything, numbered
from tix.domain.people import Actor
from tix.domain.permissions import scope_of
from tix.store import people
from tix.store.compiled import postgresql, reader_views
from tix.store.connection import scope_values
from tix.store.postgresql.open import open_store
from tix.store.postgresql.reader import on_views

WHO = ("root", "ann", "ben", "nora", "mona", "rita", "carl", "zoe", "otto")
# A short run asks an agent of one department and a requester.
SOME = [pytest.param(who, marks=[] if who in ("ben", "rita") else pytest.mark.long) for who in WHO]
SETUP = """
client add Acme --domain acme.example --notes kanaryclient
client add Globex
department add IT
department add HR
team add night
topic add Printer --department IT
topic field add Printer place --label Where?
topic field add Printer cause --label Cause --staff-only
calendar add office --hours 'mon-fri 09:00-17:00' --zone Europe/Berlin
sla add gold --grace 4h --response 1h
user add ann --role agent --phone kanaryphone
user add ben --role agent --departments IT --teams night
user add nora --role agent --departments none
user add mona --role requester
user add rita --role requester --email rita@acme.example --client Acme --manager mona
user add carl --role requester --client Acme --contact technical
user add zoe --role requester --email kanaryzoe@globex.example --client Globex
user add otto --role requester
asset add PC-1 --client Acme --notes kanaryasset
canned add thanks -m kanarycanned
new 'Printer kanary1' -m 'burns kanary1open' --for rita --topic Printer --field place=kanary1place --field cause=kanary1cause --client Acme --asset PC-1
new 'Salary kanary2' -m 'paid kanary2open' --for zoe --department HR --tag kanary2tag --client Globex --notify-email kanary2@desk.example
new 'Dock kanary3' -m 'loose kanary3open' --for otto --department IT --assign ben --sla gold
new 'Lamp kanary4' -m 'dark kanary4open' --for rita --department HR
assign 4 team:night
new 'Old kanary5' -m 'older kanary5open' --for zoe --department HR
new 'Gone kanary6' -m 'gone kanary6open' --for zoe --department HR
note 1 -m 'note kanary1note'
note 2 -m 'note kanary2note'
note 3 -m 'first kanary3old'
note 3 --edit-last -m 'second kanary3note'
reply 1 -m 'answer kanary1reply'
reply 1 -m 'burns and burns and burns'
reply 3 -m 'answer kanary3reply'
reply 4 -m 'answer kanary4reply'
note 4 -m 'note kanary4note'
link 1 relates 2
link 3 relates 1
merge 5 --into 4 --yes
attach add 2 kanary2file.txt
attach add 1 kanary1file.txt
time add 2 25m -m 'worked kanary2time'
time add 3 25m -m 'worked kanary3time'
follow 3 --who carl
delete 6 --yes
schedule add backup --subject kanaryschedule -m kanaryschedulebody --every weekly
view add kanaryview --mine
config set search.languages en,de
"""
READS = (
    "list --all --json", "list --all --sort -updated_at --json", "list --count", "log --json", "log --limit 3 --json", "inbox --json",
    "stats --json", "notification list --json", "department list --json", "topic list --json", "asset list --json", "user list --json",
    "client list --json", "view list --json", "time list --json", "invoice list --json", "report weeks --json", "config list --json",
    "search answer --json", "search 'kanary3note' --json", "search note --json", "search burning --json", "search 'kanary*' --json",
    "search 'answer -dark' --json", "search '\"note kanary1note\"' --json", "search '\"burns and burns\"' --json", "list answer --json", "search 'pai*' --json",
    "attach list 1 --json", "topic field list Printer --json", "schedule list --json", "schedule show backup --json", "canned list --json", "list --all --sort entries -o ids",
    *(f"show {number} --json" for number in range(1, 7)), "log 3 --json", "log 4 --json", "why 3 --json", "mail outbox --json",
)  # fmt: skip
WORD = re.compile(r"kanary\w+")


class Office:
    """A desk in a database, and an account for each person: ``lan`` reads by ``wall_lan``."""

    def __init__(self, server, folder):
        self.server = server
        self.shell = Shell(folder)
        self.shell.store = self.shell.env["TIX_STORE"] = server.database()
        self.shell.env["TIX_NOW"] = "2026-11-23T09:00:00Z"
        self.name = self.shell.store.partition("?")[0].rpartition("/")[2]
        self.shell.tix("init")
        for number in (1, 2):
            (folder / f"kanary{number}file.txt").write_text(f"kanary{number}bytes")
        import shlex

        for line in filter(None, SETUP.splitlines()):
            self.shell.tix(*shlex.split(line))
        self.own("INSERT INTO password VALUES ('zoe', 'kanarypassword', 1)")
        self.own("INSERT INTO session VALUES ('kanarysession', 'zoe', 1, 1, NULL, NULL)")
        self.own("INSERT INTO mail_state VALUES ('kanarykey', 'kanarystate')")
        self.own("INSERT INTO one_time_link VALUES ('kanarylink', 'sign-in', 'zoe', NULL, 1, 2)")
        self.own(
            "INSERT INTO token VALUES ('kanarytoken', 'zoe', 'read', 1, 'root', NULL, NULL, 'kanarydigest', NULL)"
        )

    def own(self, sql):
        """Run a statement as the owner."""
        return self.server.execute(sql, self.name)

    def account(self, who):
        return f"wall_{self.name}_{who}"

    def address(self, who):
        return self.server.address(self.name, self.account(who))

    def grant(self, who, *words):
        return self.shell.tix("db", "grant", who, "--account", self.account(who), *words)

    def shown(self, line, who):
        """What tix shows, to somebody as whom an admin acts."""
        import shlex

        return self.shell.tix(*shlex.split(line), as_=who, check=None)

    def read(self, line, who):
        """What tix shows with the account of somebody."""
        import shlex

        return self.shell.tix("--store", self.address(who), *shlex.split(line), check=None)

    def allowed(self, who):
        """The words that somebody may read: all that tix shows them."""
        said = "".join(self.shown(line, who).out for line in READS)
        words = set(WORD.findall(said))
        return words | {one.replace("file", "bytes") for one in words}  # who sees a file can save it

    @property
    def secrets(self):
        """All of the words, as the tables have them."""
        tables = [
            one
            for (one,) in self.own(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        ]
        return set(WORD.findall("".join(str(self.own(f'SELECT * FROM "{table}"')) for table in tables)))


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    made = Office(server, tmp_path_factory.mktemp("readers"))
    for who in WHO:
        made.grant(who)
    return made


@pytest.fixture
def small(server, tmp_path):
    """A desk with three people and no account."""
    made = Office.__new__(Office)
    made.server, made.shell = server, Shell(tmp_path)
    made.shell.store = made.shell.env["TIX_STORE"] = server.database()
    made.name = made.shell.store.partition("?")[0].rpartition("/")[2]
    for line in (
        "init",
        "user add ben --role agent",
        "user add rita --role requester",
        "new One -m kanaryone --for rita",
    ):
        made.shell.tix(*line.split())
    return made


# --------------------------------------------------------------------------------- the same as tix shows


@pytest.mark.parametrize("who", SOME)
def test_an_account_reads_what_tix_shows_its_person(office, who):
    for line in READS:
        own, other = office.read(line, who), office.shown(line, who)
        assert (own.code, own.out) == (other.code, other.out), (line, own.err)


@pytest.mark.parametrize("who", WHO)
def test_the_rows_are_those_that_tix_shows(office, who):
    """By psql: ids and texts of all tickets and items."""
    with psycopg.connect(office.address(who)) as wire:
        tickets = wire.execute("SELECT prefix || number, subject FROM tix_read.ticket").fetchall()
        items = wire.execute("SELECT id, body FROM tix_read.item").fetchall()
    listed = office.shown("list --all --json --limit 0", who).json
    assert set(tickets) == {(one["ref"], one["subject"]) for one in listed}
    found = {(one["id"], one["body"]) for one in office.shown("log --json --limit 0", who).json}
    for number in range(1, 6):
        whole = office.shown(f"show {number} --json", who)
        found |= {(one["id"], one["body"]) for one in whole.json["thread"]} if whole.code == 0 else set()
    assert set(items) == {one for one in found if one[0] is not None}


def test_who_sees_what_is_the_rule_of_the_domain(office):
    """The view of who asks says of everybody what ``scope_of`` says."""
    store = open_store(office.shell.store)
    for who in WHO:
        scope = scope_of(Actor(people.by_login(store, who)))
        with psycopg.connect(office.address(who)) as wire:
            row = wire.execute(
                "SELECT kind, login, staff, client_seen, departments, teams FROM tix_read.me()"
            ).fetchone()
        values = {"departments": "[]", "teams": "[]", **scope_values(scope)}
        assert row[:4] == (scope.kind, scope.me, scope.staff, scope.client)
        if scope.kind == "desk":
            assert [json.loads(one) for one in row[4:]] == [
                json.loads(values["departments"]),
                json.loads(values["teams"]),
            ]
    store.close()


# ------------------------------------------------------------------------------------------- the attack


def reached(wire) -> Iterator[str]:
    """Everything that an account gets out of the server, as text: rows, and what errors say."""
    wire.autocommit = True
    notices: list[str] = []
    wire.add_notice_handler(lambda one: notices.append(one.message_primary or ""))

    def tried(sql):
        try:
            if sql.startswith("COPY public"):
                with wire.cursor().copy(sql) as copied:
                    return str([bytes(piece) for piece in copied])
            found = wire.execute(sql)
            return str(found.fetchall() if found.description else "")
        except psycopg.Error as error:
            return str(error)

    relations = wire.execute(
        "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace "
        "WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND nspname != 'information_schema' ORDER BY 1"
    ).fetchall()
    for (relation,) in relations:
        yield tried(f"SELECT * FROM {relation} AS it")
    for table in postgresql.TABLES:
        for form in ("TABLE public.{}", "SELECT it FROM public.{} AS it", "SELECT count(*) FROM public.{}", "TABLE {} LIMIT 1",
                     "COPY public.{} TO STDOUT", "EXPLAIN ANALYZE SELECT * FROM public.{}", "SELECT xmin FROM public.{}",
                     "SELECT currtid2('public.{}', '(0,1)')", "LOCK TABLE public.{}", "ANALYZE VERBOSE public.{}"):  # fmt: skip
            yield tried(form.format(f'"{table}"'))
    yield from map(tried, _FUNCTIONS)
    yield from map(tried, _LEAKS)
    for sql in _DISGUISES:
        yield tried(sql)
        yield tried("SELECT * FROM tix_read.ticket AS it")
        yield tried("SELECT * FROM tix_read.item AS it")
        yield from map(tried, _FUNCTIONS)
        for reset in ("RESET ROLE", "RESET SESSION AUTHORIZATION", "RESET ALL"):
            tried(reset)
    yield from notices


_DOCUMENTS = (
    "SELECT * FROM tix_read.{}_documents('kanary:* | note', ARRAY[CAST('kanary:* | note' AS tsquery)], ARRAY[''], ARRAY[false], "
    "true, true, 0, 9223372036854775807, -1)"
)
_FUNCTIONS = (
    *(_DOCUMENTS.format(table) for table in ("public_text", "internal_text")),
    *(f"SELECT * FROM tix_read.{table}_words('kanary:* | k:* | n:*', '', '~', 100000)" for table in ("public_text", "internal_text")),
)  # fmt: skip
# Functions, casts and operators that tell what they are given; most are cheaper than the clause of the view.
_LEAKS = (
    "CREATE FUNCTION pg_temp.told(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
    "CREATE OPERATOR pg_temp.### (leftarg = text, rightarg = text, function = texteq)",
    "SELECT 1 FROM tix_read.ticket WHERE pg_temp.told(subject)",
    "SELECT 1 FROM tix_read.ticket WHERE pg_temp.told(coalesce(internal_fields, '')) AND pg_temp.told(coalesce(tags, ''))",
    "SELECT 1 FROM tix_read.item WHERE pg_temp.told(coalesce(body, '') || coalesce(old, '') || coalesce(sets, ''))",
    "SELECT 1 FROM tix_read.person WHERE pg_temp.told(coalesce(email, '') || coalesce(phone, ''))",
    "SELECT 1 FROM tix_read.attachment WHERE pg_temp.told(name)",
    "SELECT 1 FROM tix_read.facet WHERE pg_temp.told(value)",
    "SELECT 1 FROM tix_read.blob WHERE pg_temp.told(convert_from(data, 'UTF8'))",
    "SELECT 1 FROM tix_read.work JOIN tix_read.item USING (id) WHERE pg_temp.told(reason)",
    "SELECT 1 FROM public.ticket WHERE pg_temp.told(subject)",
    "SELECT CAST(subject AS integer) FROM tix_read.ticket",
    "SELECT CAST(body AS integer) FROM tix_read.item WHERE CAST(body AS integer) > 0",
    "SELECT max(CAST(internal_fields AS jsonb) ->> 'cause') FROM tix_read.ticket",
    "SELECT min(body), max(body), string_agg(body, ',') FROM tix_read.item",
    "SELECT most_common_vals, histogram_bounds FROM pg_stats",
    "SELECT * FROM pg_statistic",
    "SELECT query FROM pg_stat_activity",
    "SELECT * FROM pg_stat_statements",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM tix_read.item WHERE pg_temp.told(body)",
    "INSERT INTO public.person (id, login, role, name, created_at) VALUES (1, 'zoe', 'agent', '', 1)",
    "INSERT INTO tix_read.ticket SELECT * FROM tix_read.ticket",
    "INSERT INTO tix_read.account VALUES (current_user, 'root', 1, '')",
    "UPDATE tix_read.account SET login = 'root'",
    "UPDATE tix_read.person SET role = 'admin' RETURNING *",
    "DELETE FROM tix_read.item RETURNING *",
    "CREATE TABLE pg_temp.child (t bigint REFERENCES public.ticket (id))",
    "CREATE TEMP TABLE heir () INHERITS (public.ticket)",
    "CREATE POLICY open ON public.ticket USING (true)",
    "ALTER VIEW tix_read.ticket RESET (security_barrier)",
    "ALTER TABLE public.ticket DISABLE ROW LEVEL SECURITY",
    "SET row_security = off; SELECT * FROM public.ticket",
    "CREATE RULE r AS ON SELECT TO tix_read.ticket DO INSTEAD SELECT 1",
    "CREATE TRIGGER t BEFORE INSERT ON public.ticket FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT query_to_xml('SELECT * FROM public.ticket', true, false, '')",
    "SELECT schema_to_xml('public', true, false, '')",
    "SELECT table_to_xml('public.item', true, false, '')",
    "SELECT ts_stat('SELECT words FROM public.public_text')",
    "SELECT * FROM ts_stat('SELECT words FROM public.internal_text')",
    "SELECT ts_rewrite('a', 'SELECT CAST(''a'' AS tsquery), words FROM public.public_text')",
    "DO $$ BEGIN PERFORM * FROM public.item; END $$",
    "CREATE FUNCTION tix_read.evil() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
)
# Shadows of what the views and the functions read, and other identities.
_DISGUISES = (
    "CREATE TEMP TABLE account AS SELECT current_user AS account, 'root' AS login",
    "CREATE TEMP TABLE person AS SELECT 1 AS id, 'root' AS login, 'admin' AS role, 1 AS active",
    "CREATE TEMP VIEW caller AS SELECT 'root' AS login, 'admin' AS role, true AS staff, true AS admin, 'all' AS kind",
    "CREATE FUNCTION pg_temp.strpos(text, text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', $1; RETURN 1; END $$",
    "CREATE FUNCTION pg_temp.coalesce(text, text) RETURNS text LANGUAGE sql AS 'SELECT ''all'''",
    "SET search_path = pg_temp, public, tix_read, pg_catalog",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET tix.me = 'root'",
    "SET session_authorization = 'postgres'",
    "SET row_security = off",
    "SET enable_seqscan = off",
    "SET default_transaction_read_only = off",
    "SET from_collapse_limit = 1",
)  # fmt: skip


def leaked(office, who):
    """The words that the account of somebody gets and tix does not show them."""
    # Compiling the plans of so small a desk takes longer than running them.
    with psycopg.connect(office.address(who), options="-c jit=off") as wire:
        return (set(WORD.findall("\n".join(reached(wire)))) & office.secrets) - office.allowed(who)


@pytest.mark.parametrize("who", SOME)
def test_nothing_else_comes_out(office, who):
    assert len(office.secrets) > 40
    assert leaked(office, who) == set()


@pytest.mark.parametrize(
    ("fault", "mended"),
    [
        (
            "ALTER TABLE ticket DISABLE ROW LEVEL SECURITY; GRANT SELECT ON ticket TO {account}",
            "ALTER TABLE ticket ENABLE ROW LEVEL SECURITY; REVOKE ALL ON ticket FROM {account}",
        ),
        ("CREATE VIEW tix_read.hole AS SELECT * FROM item; GRANT SELECT ON tix_read.hole TO {account}", "DROP VIEW tix_read.hole"),
        ("ALTER VIEW tix_read.ticket RESET (security_barrier)", "ALTER VIEW tix_read.ticket SET (security_barrier)"),
        ("GRANT SELECT ON tix_read.of_requester, tix_read.visible TO {account}; ALTER ROLE {account} BYPASSRLS; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {account}",
         "ALTER ROLE {account} NOBYPASSRLS; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {account}"),
    ],
    ids=["open table", "view without a clause", "no barrier", "bypass"],
)  # fmt: skip
def test_a_hole_is_found(office, fault, mended):
    """Control: each fault lets words out, and the attack finds them."""
    account = f'"{office.account("otto")}"'
    office.own(fault.format(account=account))
    try:
        assert leaked(office, "otto") != set()
    finally:
        office.own(mended.format(account=account))
    assert leaked(office, "otto") == set()


def test_a_grant_too_many_shows_nothing(office):
    """The tables are closed, whatever is granted on them."""
    account = f'"{office.account("otto")}"'
    office.own(
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {account}; GRANT SELECT ON tix_read.account TO {account}"
    )
    try:
        with psycopg.connect(office.address("otto")) as wire:
            for table in postgresql.TABLES:
                assert wire.execute(f'SELECT count(*) FROM public."{table}"').fetchone() == (0,)
            assert wire.execute("SELECT count(*) FROM tix_read.account").fetchone() == (0,)
    finally:
        office.own(
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {account}; REVOKE ALL ON tix_read.account FROM {account}"
        )


# ---------------------------------------------------------------------------------------- the whole schema


def test_every_table_is_closed_and_every_view_has_a_barrier(office):
    tables = dict(
        office.own(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    )
    assert set(tables) == {*reader_views.VIEWS, *reader_views.CLOSED} == set(postgresql.TABLES)
    assert all(tables.values())
    granted = office.own(
        f"SELECT table_schema, table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = '{office.account('ben')}'"
    )
    assert {("tix_read", name, "SELECT") for name in reader_views.VIEWS} == set(granted)
    barriers = dict(
        office.own(
            "SELECT relname, 'security_barrier=true' = ANY(reloptions) FROM pg_class WHERE relnamespace = 'tix_read'::regnamespace AND relkind = 'v'"
        )
    )
    assert all(barriers[name] for name in reader_views.VIEWS)
    functions = office.own(
        "SELECT proname, prosecdef, proconfig, proacl::text FROM pg_proc WHERE pronamespace = 'tix_read'::regnamespace"
    )
    assert {name for name, *_ in functions} == set(reader_views.FUNCTIONS)
    for _, is_definer, config, acl in functions:
        assert (is_definer, config) == (True, ["search_path=pg_catalog, pg_temp"])
        assert not re.search(r"[{,]=", acl)  # PUBLIC


def test_every_reading_statement_is_for_the_views(office):
    """Each SELECT of the program runs with an account, except on closed tables."""
    refused, count = {}, 0
    with psycopg.connect(office.address("ben"), autocommit=True) as wire:
        for name, sql in everything():
            if not sql.startswith(("SELECT", "WITH")) or "INSERT" in sql:
                continue
            count += 1
            text = numbered(on_views(sql))
            values = ", ".join(["NULL"] * max([0, *map(int, re.findall(r"\$(\d+)", text))]))
            wire.execute(f"PREPARE one AS {text}")
            try:
                wire.execute(f"EXPLAIN EXECUTE one{f'({values})' if values else ''}")
            except psycopg.errors.InsufficientPrivilege as error:
                refused[name] = re.search(r"for (?:table|view) (\w+)", str(error))[1]
            wire.execute("DEALLOCATE one")
    assert count > 200
    assert set(refused.values()) <= set(reader_views.CLOSED)


# ------------------------------------------------------------------------------- grant, revoke, and people


def test_grant_and_revoke(small):
    """The first account closes the tables, the last one opens them; a record says what was done."""
    assert small.shell.tix("db", "accounts", "--json").json == []
    done = small.grant("rita", "--json").json
    assert (done["effect"], done["user"], done["reads"]) == ("created", "rita", True)
    assert done["undo"] == ["tix", "db", "revoke", small.account("rita")]
    assert "CREATE SCHEMA tix_read" in done["statements"]
    assert small.grant("rita", "--json").json["effect"] == "unchanged"
    assert small.read("list -o ids", "rita").out == "TIX-1\n"
    changed = small.shell.tix("db", "grant", "ben", "--account", small.account("rita"), "--json").json
    assert [one for one in changed["changes"] if one["field"] == "user"] == [
        {"field": "user", "old": "rita", "new": "ben"}
    ]
    assert [one["user"] for one in small.shell.tix("db", "accounts", "--json").json] == ["ben"]
    gone = small.shell.tix("db", "revoke", small.account("rita"), "--json").json
    assert (gone["effect"], gone["undo"]) == (
        "deleted",
        ["tix", "db", "grant", "ben", "--account", small.account("rita")],
    )
    assert small.own("SELECT count(*) FROM pg_class WHERE relrowsecurity") == [(0,)]
    assert small.own("SELECT count(*) FROM pg_namespace WHERE nspname = 'tix_read'") == [(0,)]
    assert "tix db grant" in small.read("list", "rita").err
    assert small.read("list", "rita").code == 4
    assert small.shell.tix("db", "revoke", "nobody", check=3).err


def test_a_rehearsal_prints_what_an_administrator_can_run(small):
    text = small.grant("rita", "--dry-run").out
    assert small.shell.tix("db", "accounts", "--json").json == []
    assert small.own(f"SELECT count(*) FROM pg_roles WHERE rolname = '{small.account('rita')}'") == [(0,)]
    small.own(text)
    assert small.read("show 1 --json", "rita").json["thread"][0]["body"] == "kanaryone"
    assert small.grant("rita", "--dry-run", "--json").json["effect"] == "unchanged"


def test_who_is_inactive_or_gone_sees_nothing_at_once(small):
    small.grant("rita")
    small.grant("ben")
    small.shell.tix("user", "edit", "rita", "--inactive")
    with psycopg.connect(small.address("rita")) as wire:
        assert [
            wire.execute(f"SELECT count(*) FROM tix_read.{view}").fetchone()
            for view in reader_views.VIEWS
            if view != "tix_format"
        ] == [(0,)] * (len(reader_views.VIEWS) - 1)
    assert small.read("list", "rita").code == 4
    [found] = [
        one for one in small.shell.tix("db", "check", "--json", check=8).json if one["status"] == "failed"
    ]
    assert "rita is inactive" in found["detail"]
    assert [one["reads"] for one in small.shell.tix("db", "accounts", "--json").json] == [True, False]
    small.shell.tix("user", "merge", "ben", "--into", "root", "--yes")
    assert small.read("list", "ben").code == 4


def test_a_demoted_agent_reads_as_a_requester(small):
    """What the views show follows the person's row, not the grant."""
    small.shell.tix("note", "1", "-m", "kanarynote")
    small.grant("ben")
    assert "kanarynote" in small.read("log --json", "ben").out
    small.shell.tix("user", "edit", "ben", "--role", "requester")
    assert small.read("list --all -o ids", "ben").out == ""
    with psycopg.connect(small.address("ben")) as wire:
        assert wire.execute("SELECT count(*) FROM tix_read.item").fetchone() == (0,)


def test_the_checks_name_what_is_wrong(small):
    small.grant("rita")
    checked = {one["name"]: one for one in small.shell.tix("db", "check", "--json").json}
    assert checked["accounts"]["status"] == "ok"
    account = f'"{small.account("rita")}"'
    small.own(
        f"ALTER TABLE item DISABLE ROW LEVEL SECURITY; ALTER ROLE {account} BYPASSRLS; COMMENT ON SCHEMA tix_read IS 'older'; "
        "CREATE POLICY all_of_it ON ticket USING (true)"
    )
    detail = {one["name"]: one for one in small.shell.tix("db", "check", "--json", check=8).json}["accounts"][
        "detail"
    ]
    assert "another version" in detail
    assert "item is open" in detail
    assert "policy" in detail
    small.own(f"ALTER ROLE {account} NOBYPASSRLS; DROP POLICY all_of_it ON ticket")
    small.grant("rita")  # makes the views anew
    assert {one["name"]: one for one in small.shell.tix("db", "check", "--json").json}["accounts"][
        "status"
    ] == "ok"
    assert small.read("list -o ids", "rita").out == "TIX-1\n"


def test_such_an_account_only_reads_and_only_as_its_person(small):
    small.grant("ben")
    for line in ("note 1 -m x", "new Two -m x", "resolve 1", "tick", "db grant rita"):
        refused = small.read(line, "ben")
        assert (refused.code, len(refused.err.splitlines())) == (4, 2), (line, refused.err)
        assert re.search("only reads|account of the desk itself", refused.err)
    for line in ("doctor", "db check"):
        assert "account of the desk itself" in small.read(line, "ben").err
    assert small.read("--as rita list", "ben").code == 4
    found = small.shell.tix("--store", small.address("ben"), "list", env={"TIX_USER": "rita"}, check=4)
    assert "TIX_USER" in found.err
    with (
        psycopg.connect(small.address("ben"), autocommit=True) as wire,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        wire.execute("UPDATE tix_read.ticket SET subject = 'x'")


def test_a_restored_desk_is_read_by_nobody_until_it_is_granted_again(small):
    """The accounts would go on reading the tables as they were."""
    small.grant("rita")
    small.shell.tix("db", "backup", "b.jsonl.gz", check=None)
    backup = next(small.shell.folder.glob("b.*"))
    small.shell.tix("db", "restore", backup.name, "--yes")
    assert small.read("list", "rita").code == 4
    with psycopg.connect(small.address("rita")) as wire, pytest.raises(psycopg.Error):
        wire.execute("SELECT * FROM tix_read.ticket")
    small.grant("rita")
    assert small.read("list -o ids", "rita").out == "TIX-1\n"


def test_what_is_no_account_for_a_person_is_refused(small, tmp_path):
    assert "superuser" in small.shell.tix("db", "grant", "rita", "--account", "postgres", check=5).err
    for name in ("", "public", "pg_monitor", "x" * 64, "a\nb"):
        assert small.shell.tix("db", "grant", "rita", "--account", name, check=2).err
    small.shell.tix("db", "grant", "nobody", check=2)
    assert "only admins" in small.shell.tix("db", "grant", "rita", as_="ben", check=4).err
    assert "only admins" in small.shell.tix("db", "accounts", as_="ben", check=4).err
    file = Shell(tmp_path / "file") if (tmp_path / "file").mkdir() is None else None
    file.tix("init")
    file.tix("user", "add", "rita")
    for words in (("db", "grant", "rita"), ("db", "accounts"), ("db", "revoke", "rita")):
        assert "file" in file.tix(*words, check=5).err


def test_a_desk_whose_account_may_not_do_it_says_so(server, tmp_path):
    """One sentence, and nothing half done; the administrator runs the SQL instead."""
    shell = Shell(tmp_path)
    name = server.database().partition("?")[0].rpartition("/")[2]
    owner = f"owner_{name}"
    server.execute(f"CREATE ROLE {owner} LOGIN; ALTER DATABASE {name} OWNER TO {owner}")
    shell.store = shell.env["TIX_STORE"] = server.address(name, owner)
    for line in ("init", "user add rita --role requester", "new One -m x --for rita"):
        shell.tix(*line.split())
    refused = shell.tix("db", "grant", "rita", "--account", f"r_{name}", check=4)
    assert "permission denied to create role" in refused.err
    assert len(refused.err.splitlines()) == 2
    server.execute(f"CREATE ROLE r_{name} LOGIN")
    shell.tix("db", "grant", "rita", "--account", f"r_{name}")
    assert shell.tix("--store", server.address(name, f"r_{name}"), "list", "-o", "ids").out == "TIX-1\n"
    server.execute(f"ALTER ROLE r_{name} SUPERUSER")
    assert "superuser" in shell.tix("db", "check", "--json", check=8).out
