"""The books of a desk: whatever people put down, take out, bill and void, every second is counted once.

Random commands against a model of a few lines: entries, who is billed what. After each the rows agree with the
model; at the end doctor finds nothing, and the desk comes back from its export byte for byte.
"""

import json
import os
from decimal import Decimal
from random import Random

import pytest

from tests.laws.inprocess import Desk
from tix.store import billing
from tix.store.tickets import tickets

pytestmark = pytest.mark.long

SEEDS = range(40 if os.environ.get("TIX_SOAK") else 4)
STEPS = 60
CLIENTS = {1: "acme", 2: "acme", 3: "globex", 4: None}


class Model:
    """What is where: entries as (ticket, seconds, billable, invoice), invoices as [number, void]."""

    def __init__(self) -> None:
        self.entries: dict[int, tuple[int, int, bool, int | None]] = {}
        self.void: dict[int, bool] = {}
        self.alive = set(CLIENTS)

    def sums(self, number: int) -> tuple[int, int]:
        """Worked and unbilled, by counting."""
        mine = [entry for entry in self.entries.values() if entry[0] == number]
        unbilled = [seconds for _, seconds, billable, invoice in mine if billable and invoice is None]
        return sum(entry[1] for entry in mine), sum(unbilled)

    def fits(self, number: int, seconds: int, billable: bool) -> bool:
        """Whether so much more leaves nothing below nothing."""
        worked, unbilled = self.sums(number)
        return (unbilled if billable else worked - unbilled) + seconds >= 0

    def bill(self, numbers: list[int]) -> int | None:
        """The number of the invoice, None where there is nothing on it."""
        waiting = {number for number in numbers if self.sums(number)[1] > 0}
        if not waiting:
            return None
        invoice = len(self.void) + 1
        self.void[invoice] = False
        for id, (number, seconds, billable, billed) in self.entries.items():
            if number in waiting and billable and billed is None:
                self.entries[id] = (number, seconds, billable, invoice)
        return invoice

    def free(self, invoice: int) -> None:
        """It is void."""
        self.void[invoice] = True
        for id, (number, seconds, billable, billed) in self.entries.items():
            if billed == invoice:
                self.entries[id] = (number, seconds, billable, None)


class Clerk:
    """One desk and its model, and the commands both hear of."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random, self.model = desk, Random(seed), Model()
        self.done: dict[str, int] = {}
        desk.now = "2026-03-02T09:00:00Z"
        desk.tix("init")
        desk.people("sam:agent")
        desk.tix("client", "add", "acme", "--rate", "90")
        desk.tix("client", "add", "globex", "--rate", "33.333", "--currency", "JPY")
        desk.tix("config", "set", "billing.tax", "7.7")
        for number, client in CLIENTS.items():
            desk.tix("new", f"T{number}", "-m", "x", *(("--client", client) if client else ()))

    def newest(self) -> int:
        return max(map(int, self.desk.tix("time", "list", "-o", "ids").lines))

    def step(self) -> None:
        """One command, refused where the model says so."""
        random, model = self.random, self.model
        number = random.choice(sorted(CLIENTS))
        kind = random.choice(
            ("add", "add", "add", "reply", "note", "minus", "rm", "bill", "bill", "void", "delete")
        )
        there = number in model.alive
        getattr(self, f"_{kind}")(number, there)
        self.done[kind] = self.done.get(kind, 0) + 1
        for one in model.alive:
            row = self.desk.tix("show", one, "--json").json
            assert (row["time_seconds"], row["unbilled_seconds"]) == model.sums(one), (kind, one)

    def _put(self, number: int, there: bool, seconds: int, billable: bool, words: tuple[object, ...]) -> None:
        fits = there and self.model.fits(number, seconds, billable)
        self.desk.tix(*words, as_="sam", check=0 if fits else 5 if there else 3)
        if fits:
            self.model.entries[self.newest()] = (number, seconds, billable, None)

    def _add(self, number: int, there: bool, sign: int = 1) -> None:
        seconds = sign * self.random.choice((1, 60, 899, 900, 901, 4000))
        billable = self.random.random() < 0.7
        flags = [*(["--minus"] if sign < 0 else []), *([] if billable else ["--no-billable"])]
        self._put(number, there, seconds, billable, ("time", "add", number, f"{abs(seconds)}s", *flags))

    def _minus(self, number: int, there: bool) -> None:
        self._add(number, there, -1)

    def _reply(self, number: int, there: bool) -> None:
        self._put(number, there, 155, True, ("reply", number, "-m", "x", "--time", "0:02:35"))

    def _note(self, number: int, there: bool) -> None:
        self._put(number, there, 600, True, ("note", number, "-m", "x", "--time", "10m"))

    def _rm(self, number: int, there: bool) -> None:
        ids = sorted(self.model.entries)
        if not ids:
            return
        id = self.random.choice(ids)
        number, seconds, billable, invoice = self.model.entries[id]
        fits = invoice is None and self.model.fits(number, -seconds, billable)
        self.desk.tix("time", "rm", id, as_="sam", check=0 if fits else 5)
        if fits:
            del self.model.entries[id]

    def _bill(self, number: int, there: bool) -> None:
        client = CLIENTS[number]
        if self.random.random() < 0.5 and client:
            wanted = [one for one in self.model.alive if CLIENTS[one] == client]
            words: tuple[object, ...] = ("--client", client)
            check = 0
        else:
            wanted, words = [number], (number,)
            check = 3 if not there else 5 if client is None else 0
        told = self.desk.tix("invoice", "create", *words, check=check)
        invoice = self.model.bill(wanted) if check == 0 else None
        assert told.out == ("" if invoice is None else f"{invoice}\n")

    def _void(self, number: int, there: bool) -> None:
        if not self.model.void:
            self.desk.tix("invoice", "void", 1, check=3)
            return
        invoice = self.random.choice(sorted(self.model.void))
        self.desk.tix("invoice", "void", invoice)
        self.model.free(invoice)

    def _delete(self, number: int, there: bool) -> None:
        if self.random.random() < 0.8:
            return
        self.desk.tix("delete", number, "--yes", check=0 if there else 3)
        self.model.alive.discard(number)
        self.model.entries = {id: one for id, one in self.model.entries.items() if one[0] != number}


def play(folder, seed: int, steps: int = STEPS) -> Clerk:
    """So many commands on a desk of its own."""
    clerk = Clerk(Desk(folder), seed)
    for _ in range(steps):
        clerk.step()
    return clerk


def proved(desk: Desk) -> None:
    """Doctor finds nothing."""
    found = {one["name"]: one["status"] for one in desk.tix("doctor", "--json").json}
    assert set(found.values()) == {"ok", "info"}, found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_second_is_counted_once(tmp_path, seed):
    """Rows, entries and invoices agree with the model; numbers have no gap; the export brings all of it back."""
    clerk = play(tmp_path, seed)
    assert len(clerk.done) == 8
    desk = clerk.desk
    proved(desk)
    entries = {one["id"]: one for one in desk.tix("time", "list", "--json").json}
    assert {
        id: (int(one["ref"][4:]), one["worked_seconds"], one["billable"], one["invoice"])
        for id, one in entries.items()
    } == clerk.model.entries
    invoices = desk.tix("invoice", "list", "--json").json
    assert {one["number"]: one["voided_at"] is not None for one in invoices} == clerk.model.void
    for one in invoices:
        assert sum(Decimal(line["amount"]) for line in one["lines"]) == Decimal(one["subtotal"])
    written = desk.tix("export").raw_out
    other = Desk(tmp_path / "other")
    other.now = desk.now
    (other.folder / "desk.jsonl").write_bytes(written)
    other.tix("import", "desk.jsonl")
    assert other.tix("export").raw_out == written
    proved(other)
    assert other.tix("invoice", "list", "--json").json == invoices
    for number in sorted(clerk.model.alive & {1, 2, 3}):  # and it goes on where the first stopped
        told = [one.tix("invoice", "create", number).out for one in (desk, other)]
        assert told[0] == told[1]


def test_elsewhere_billed_time_is_nobody_s_to_bill_again(tmp_path):
    """Into a desk in use tickets come with their time, without the invoices it is on."""
    clerk = play(tmp_path, 1, 25)
    clerk.desk.tix("invoice", "create", "--client", "acme", check=None)
    other = Desk(tmp_path / "other")
    other.now = clerk.desk.now
    other.tix("new", "Ours", "-m", "x")
    (other.folder / "desk.jsonl").write_bytes(clerk.desk.tix("export").raw_out)
    other.tix("import", "desk.jsonl")
    proved(other)
    assert other.tix("invoice", "list", "--json").json == []
    for client in ("acme", "globex"):
        sums = [
            sorted(
                (one["time_seconds"], one["unbilled_seconds"])
                for one in desk.tix("export", "-o", "json", "--client", client).json
            )
            for desk in (clerk.desk, other)
        ]
        assert sums[0] == sums[1]


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("time", "UPDATE work SET seconds = seconds + 1 WHERE id = (SELECT min(id) FROM work)"),
        ("time", "DELETE FROM work WHERE id = (SELECT min(id) FROM work WHERE invoice IS NULL)"),
        (
            "time",
            "UPDATE work SET billable = 1 - billable WHERE id = (SELECT min(id) FROM work WHERE invoice IS NULL)",
        ),
        ("time", "UPDATE work SET invoice = NULL WHERE invoice IS NOT NULL"),
        ("invoices", "UPDATE work SET invoice = NULL WHERE invoice IS NOT NULL"),
        ("invoices", "UPDATE work SET invoice = 1 WHERE invoice IS NULL"),
        ("invoices", "DELETE FROM invoice WHERE number = 1"),
        ("invoices", "UPDATE invoice SET total = '1.00' WHERE number = 1"),
        ("invoices", "UPDATE invoice_line SET amount = '1.00' WHERE invoice = 1"),
        ("invoices", "UPDATE counter SET value = 9 WHERE name = 'invoice'"),
        ("invoices", "UPDATE counter SET value = 0 WHERE name = 'invoice'"),
    ],
)
def test_doctor_sees_books_that_were_cooked(tmp_path, what, sql):
    """Control: each fault planted in the store is found."""
    import sqlite3

    clerk = Clerk(Desk(tmp_path), 0)
    for number in (1, 3):
        clerk.desk.tix("time", "add", number, "25m")
    clerk.desk.tix("invoice", "create", 1)
    proved(clerk.desk)
    with sqlite3.connect(clerk.desk.store) as store:
        assert store.execute(sql).rowcount > 0
    found = {one["name"]: one["status"] for one in clerk.desk.tix("doctor", "--json", check=None).json}
    assert found[what] == "failed"


@pytest.mark.parametrize("fault", ["forgets", "doubles", "marks nothing"])
def test_the_law_sees_a_faulty_program(tmp_path, monkeypatch, fault):
    """Control: an entry that is not kept, an amount counted twice, time that is billed and not marked."""
    if fault == "forgets":
        monkeypatch.setattr(tickets, "_keep_books", lambda store, item, id: None)
    elif fault == "doubles":
        monkeypatch.setattr("tix.domain.billing.time_entries._sums", _doubled)
    else:
        monkeypatch.setattr(billing, "bill", lambda store, ticket, number: None)
    with pytest.raises((AssertionError, ValueError)):
        proved(play(tmp_path, 2).desk)


def _doubled(ticket, seconds, *, billable):
    return {
        "time_seconds": ticket.time_seconds + 2 * seconds,
        "unbilled_seconds": ticket.unbilled_seconds + 2 * seconds,
    }


LIES = [
    ("work", lambda line: line["thread"][1]["work"].update(seconds=9)),
    ("work", lambda line: line["thread"][1]["work"].update(seconds=0)),
    ("work", lambda line: line["thread"][1]["work"].update(billable="yes")),
    ("is not a time", lambda line: line["thread"][1]["work"].update(at="soon")),
    ("work", lambda line: line["thread"][0].update(work=line["thread"][1]["work"])),
    ("time", lambda line: line.update(time_seconds=9)),
    ("time", lambda line: line["thread"][1].pop("work")),
    ("add up", lambda line: line["desk"]["invoices"][0]["lines"][0].update(amount="1.00")),
    ("total", lambda line: line["desk"]["invoices"][0].update(total="1.00")),
    ("amount", lambda line: line["desk"]["invoices"][0].update(total="NaN")),
    ("amount", lambda line: line["desk"]["invoices"][0].update(tax="-1")),
    ("currency", lambda line: line["desk"]["invoices"][0].update(currency="EURO")),
    ("number", lambda line: line["desk"]["invoices"][0].update(number=0)),
    ("client", lambda line: line["desk"]["invoices"][0].update(client="nobody")),
    ("twice", lambda line: line["desk"]["invoices"].append(line["desk"]["invoices"][0])),
    ("login", lambda line: line["desk"]["invoices"][0].update(created_by="no body")),
    ("list", lambda line: line["desk"].update(timers="x")),
    ("number", lambda line: line["desk"]["timers"][0].update(ticket_id=-1)),
]


@pytest.mark.parametrize(("word", "lie"), LIES)
def test_a_file_of_lies_is_not_believed(tmp_path, word, lie):
    """What no desk has written is exit 2, and nothing is imported."""
    clerk = Clerk(Desk(tmp_path), 0)
    clerk.desk.tix("time", "add", 1, "25m")
    clerk.desk.tix("time", "start", 2)
    clerk.desk.tix("invoice", "create", 1)
    first, *rest = [json.loads(line) for line in clerk.desk.tix("export").out.splitlines()]
    lie(first)
    other = Desk(tmp_path / "other")
    (other.folder / "lies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [first, *rest]))
    refused = other.tix("import", "lies.jsonl", check=2)
    assert word in refused.err, refused.err
    assert other.tix("list", "--all", "--json").json == []
