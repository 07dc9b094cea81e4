"""Two desks that are the same: one is a file, the other is behind a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.site import Site, copied, furnish, new_key, served
from tests.harness import Shell
from tests.remote.twins import NOW, Twins, typed


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The file of the desk of ``site``, made once, and the keys of its people."""
    shell = Shell(tmp_path_factory.mktemp("furnished"))
    shell.now = NOW
    keys = furnish(shell)
    shell.tix("user", "add", "gone", "--role", "agent")
    shell.tix("topic", "add", "lost", "--assignee", "gone")
    shell.tix("user", "edit", "gone", "--inactive")
    shell.tix("canned", "add", "hi", "-m", "Dear {{requester.name}}, {{ticket.ref}} is with us.")
    yield shell.store, keys
    shell.close()


@pytest.fixture
def site(desk: Shell, furnished: tuple[Path, dict[str, str]]) -> Iterator[Site]:
    """As ``tests.api.conftest`` has it, at a fixed time."""
    store, keys = furnished
    copied(store, desk)
    desk.now = NOW
    with served(desk, keys) as made:
        yield made


@pytest.fixture
def twins(site: Site, furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Twins]:
    """The desk of ``site``, and a file with the same."""
    folder = tmp_path / "twin"
    folder.mkdir()
    local = Shell(folder)
    local.now = NOW
    copied(furnished[0], local)
    yield Twins(local, site)
    local.close()


# The desk of an office: something of every noun, time and invoices. `who: words`.
_OFFICE = [
    "config set billing.issuer 'Desk & Co'", "config set billing.tax 19", "client add acme --domain acme.example --rate 90", "client add umbrella --currency EUR", "department add Support",
    "client edit umbrella --inactive", "team add Night", "user edit sam --teams Night --name 'Sam Ng'",
    "user edit lan --client acme --name 'Lan Tran' --email lan@acme.example", "user edit bob --manager lan",
    "user add tim --role agent --departments Support", "user add old --role requester", "user edit old --inactive",
    "calendar add office --zone Europe/Berlin --hours 'mon-fri 09:00-17:00'", "sla add gold --grace 4h --calendar office",
    "topic add Repair --sla gold", "topic add Repair/Screen", "topic field add Repair colour --label Colour --kind choice --choices red,blue",
    "topic field add Repair serial --staff-only", "asset add PC-17 --client acme --serial 4711", "view add mine --mine -c ref,subject",
    "sam: view add mine --all --sort -number --limit 2", "view add 'all of them' --all --shared -c ref,status,client --limit 3",
    "lan: view add 'my way' --closed", "view add gone --client umbrella", "view add fast -p urgent --sort number",
    "schedule add backup --subject Backup -m all --every weekly --tag cron", "schedule add paused --subject Paused -m x --every monthly",
    "schedule pause paused", "canned add 'by phone' -m 'Call {{ requester.name }}.'",
    "new Screen -m dark --for bob --tag vip --assign sam -p urgent", "new Cable -m loose --for lan --client acme --asset PC-17",
    "sam: reply 2 -m Looking", "resolve 2 -m done", "bob: rate 2 4 --comment fine", "time add 3 25m -m 'the \x1b[31mcable'",
    "sam: time add 3 1h --no-billable", "invoice create 3", "time add 1 5m", "time add 3 2h -m again", "invoice create --client acme",
    "invoice void 1", "new Chair -m x --for lan --topic Repair --field colour=red", "lan: reply 4 -m 'Did it help?'",
]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """Twins of a desk with something of everything, to read."""
    here, there = (Shell(tmp_path_factory.mktemp(name)) for name in ("here", "there"))
    here.now = there.now = NOW
    keys = furnish(here)
    for line in _OFFICE:
        who, words = typed(line)
        here.tix(*words, as_=who)
    keys["tim-write"] = new_key(here, "tim")
    copied(here.store, there)
    with served(there, keys) as site:
        yield Twins(here, site)
    here.close()
    there.close()
