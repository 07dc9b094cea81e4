"""Create invoices from unbilled time, read them, and void them.

Invoice numbers have no gaps: a number is taken in the transaction that adds its invoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets.outcome import saved
from tix.desk.tickets.read import find
from tix.domain.billing import invoices
from tix.domain.billing.invoices import Invoice, Terms
from tix.domain.billing.time_entries import rebilled
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.errors import NotAllowed, NotFound, Refused
from tix.store import billing
from tix.store.setup import repository
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.organisation import Client


def terms(desk: Desk, client: Client) -> Terms:
    """Return the billing terms of a client. Raises Refused where there is no hourly rate."""
    from tix.domain.durations import parse_duration

    settings = desk.settings
    rate = client.rate or settings.name("billing.rate")
    if rate is None:
        raise Refused(
            f"client {client.name} has no hourly rate, and the desk has no default",
            hint=f"tix client edit '{client.name}' --rate 90.00, or tix config set billing.rate 90.00",
        )
    return Terms(
        client.currency or settings.text("billing.currency"),
        Decimal(rate),
        parse_duration(settings.text("billing.round_to")),
        Decimal(settings.text("billing.tax")),
        settings.text("billing.tax_name"),
    )


def create(desk: Desk, references: Sequence[Reference], client: str | None = None) -> Invoice | None:
    """Create an invoice for all unbilled time of a client, or of some of its tickets; None where there is none.

    Raises NotFound, UnknownName, NotAllowed; Refused for tickets of no client or of several, or without a rate.
    """
    with desk.store.writing():
        named = [find(desk, reference) for reference in references]
        payer = _client(desk, named, client)
        require(desk.actor, "invoice change")
        if client is None:
            chosen = named
        else:
            rows = desk.store.scoped("unbilled_of_client", desk.scope, client=payer.name)
            chosen = [Ticket(*row) for row in rows.fetchall()]
        chosen = [ticket for ticket in chosen if ticket.unbilled_seconds > 0]
        if not chosen:
            return None
        agreed = terms(desk, payer)
        lines = []
        for ticket in sorted(chosen, key=lambda one: one.number):
            assert ticket.id is not None
            lines.append(
                invoices.line(ticket.id, ticket.ref, ticket.subject, ticket.unbilled_seconds, agreed)
            )
        number = billing.take_number(desk.store)
        invoice = invoices.drawn_up(number, payer.name, agreed, lines, desk.now, desk.actor.login)
        billing.add(desk.store, invoice)
        for ticket in chosen:
            billing.bill(desk.store, ticket, number)
            _rebill(desk, ticket, 0, f"invoice {number}")
    return invoice


class Uncovered(NamedTuple):
    """Unbilled work on tickets without a client, which no invoice will have: seconds, and the references."""

    seconds: int
    refs: tuple[str, ...]


def uncovered(desk: Desk) -> Uncovered:
    """Return the unbilled work on visible tickets without a client. Raises NotAllowed."""
    require(desk.actor, "time")
    rows = desk.store.scoped("unbilled_of_nobody", desk.scope).fetchall()
    return Uncovered(
        sum(seconds for _, _, seconds in rows), tuple(f"{prefix}{number}" for prefix, number, _ in rows)
    )


def _client(desk: Desk, named: Sequence[Ticket], client: str | None) -> Client:
    """Return the client to bill: the named one, or the one of all the tickets."""
    if client is not None:
        from tix.desk.resources import registry

        payer: Client = registry.named(desk, "client", client, inactive=True)
        return payer
    require(desk.actor, "invoice change")
    for ticket in named:
        if ticket.client is None:
            raise Refused(
                f"{ticket.ref} has no client to bill",
                hint=f"tix edit {ticket.number} --client NAME",
            )
    names = list(dict.fromkeys(str(ticket.client) for ticket in named))
    if len(names) > 1:
        raise Refused(
            f"the tickets belong to several clients: {', '.join(names)}",
            hint="create one invoice for each client",
        )
    found = repository.CLIENTS.get(desk.store, names[0])
    if found is None:
        raise Refused(f"no client named '{names[0]}'", hint="tix client add NAME")
    return found


def _rebill(desk: Desk, ticket: Ticket, unbilled: int, reason: str) -> None:
    """Record the unbilled seconds of a ticket, after what is due on it."""
    desk.after(ticket)
    passed = lifecycle.settle(ticket, desk.now)
    item = rebilled(play(ticket, passed), desk.author("staff"), unbilled, reason)
    new, kept = saved(desk, ticket, [*passed, item], desk.deed("invoice"))
    notifications.of_change(desk, ticket, new, kept[: len(passed)])


# ---------------------------------------------------------------------------------------------- reading


def get(desk: Desk, number: int) -> Invoice:
    """Return an invoice. Raises NotFound, also where the actor may not see all of its tickets."""
    require(desk.actor, "invoice list")
    found = billing.invoice(desk.store, desk.scope, number)
    if found is None:
        raise NotFound(f"no invoice {number}", hint="tix invoice list")
    return found


def before(desk: Desk, number: int) -> Invoice | None:
    """Return an invoice that a write is about to change, or None where the write will be refused."""
    try:
        return get(desk, number)
    except (NotFound, NotAllowed):
        return None


def listed(desk: Desk, client: str | None = None) -> Iterator[Invoice]:
    """Yield invoices whose tickets the actor may see, newest first; with ``client`` only that client's."""
    require(desk.actor, "invoice list")
    if client is not None:
        from tix.desk.resources.registry import spelled

        client = spelled(desk, "client", client, inactive=True)
    return billing.invoices(desk.store, desk.scope, client)


# --------------------------------------------------------------------------------------------------- voiding


def void(desk: Desk, number: int) -> tuple[Invoice, bool]:
    """Void an invoice, so that its time is unbilled again; False where it was void already. Raises NotFound."""
    if desk.actor.is_staff:
        get(desk, number)
    require(desk.actor, "invoice change")
    with desk.store.writing():
        invoice = get(desk, number)
        if invoice.voided_at is not None:
            return invoice, False
        for ticket_id, seconds in billing.billed(desk.store, number).items():
            ticket = tickets.by_id(desk.store, ticket_id)
            if ticket is not None:
                _rebill(desk, ticket, ticket.unbilled_seconds + seconds, f"invoice {number} is void")
        billing.void(desk.store, number, desk.now, desk.actor.login)
        return get(desk, number), True
