"""The statements of mail, in SQLModel: the outbox, received mails, what is kept to take each mail once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.mail import (
    MailMutedRow,
    MailRow,
    MailSeenRow,
    MailStateRow,
    MailTextRow,
    OutboxRow,
)
from tix.store.schema.tickets import TicketRow
from tix.store.statements.expressions import adding, among, b, columns, ticket, visible

outbox = columns(OutboxRow)
mail = columns(MailRow)
seen = columns(MailSeenRow)
muted = columns(MailMutedRow)
text = columns(MailTextRow)
state = columns(MailStateRow)


def one_of(value: Any, *words: str) -> Any:
    """Return whether a column is one of these words. SQLAlchemy expands its own IN only when it runs."""
    return or_(*(value == word for word in words))


_waiting = one_of(outbox.state, "queued", "sending")
_free = or_(outbox.lease_until.is_(None), outbox.lease_until <= b("now"))
_OUTBOX = [outbox[name] for name in OutboxRow.model_fields if name != "raw"]
_outbox = (
    select(*_OUTBOX, ticket.prefix, ticket.number)
    .select_from(OutboxRow)
    .outerjoin(TicketRow, ticket.id == outbox.ticket_id)
    .where(or_(outbox.ticket_id.is_(None), visible()))
)
_MAIL = [mail[name] for name in MailRow.model_fields if name not in ("raw", "text_sha256", "sha256")]
_mails = (
    select(*_MAIL, ticket.prefix, ticket.number)
    .select_from(MailRow)
    .outerjoin(TicketRow, ticket.id == mail.ticket_id)
    .where(or_(mail.ticket_id.is_(None), visible()))
)

# What is left of a mail that was deleted: that its bytes came. Its reason may name an address, its id a host.
_FORGOTTEN: dict[str, Any] = {
    "outcome": "deleted",
    "reason": "it was deleted",
    **dict.fromkeys(("raw", "sender", "message_id", "text_sha256")),
    "subject": "",
}

STATEMENTS: dict[str, Any] = {
    # --------------------------------------------------------------------------------------- the outbox
    "outbox_add": adding(OutboxRow, "id"),
    "outbox": _outbox.where(or_(b("state", Text).is_(None), outbox.state == b("state")))
    .order_by(outbox.id.desc())
    .limit(b("limit")),
    "outbox_of": _outbox.where(outbox.id == b("id")),
    "outbox_counts": select(outbox.state, func.count()).group_by(outbox.state).order_by(outbox.state),
    "outbox_due": select(outbox.id)
    .where(_waiting, outbox.next_at <= b("now"), _free)
    .order_by(outbox.next_at, outbox.id)
    .limit(b("limit")),
    "outbox_lease": update(OutboxRow)
    .where(outbox.id == b("key"), _waiting, outbox.next_at <= b("now"), _free)
    .values(state="sending", lease=b("by"), lease_until=b("until")),
    "outbox_leased": select(*_OUTBOX, outbox.raw).where(outbox.id == b("id"), outbox.lease == b("by")),
    "outbox_made": update(OutboxRow)
    .where(outbox.id == b("key"), outbox.lease == b("by"))
    .values(raw=b("bytes"), message_id=b("new_id")),
    "outbox_phase": update(OutboxRow)
    .where(outbox.id == b("key"), outbox.lease == b("by"))
    .values(phase=b("new_phase"), lease_until=b("until")),
    "outbox_result": update(OutboxRow)
    .where(outbox.id == b("key"), outbox.lease == b("by"))
    .values(
        state=b("new_state"),
        next_at=b("new_next_at"),
        attempts=b("new_attempts"),
        uncertain=b("new_uncertain"),
        phase=None,
        lease=None,
        lease_until=None,
        relay_id=b("new_relay_id"),
        error=b("new_error"),
        done_at=b("new_done_at"),
    ),
    "outbox_hurry": update(OutboxRow)
    .where(outbox.id == b("key"), one_of(outbox.state, "queued", "failed", "uncertain", "expired"))
    .values(state="queued", next_at=b("now"), attempts=0, uncertain=0, error=None, done_at=None),
    "outbox_cancel": update(OutboxRow)
    .where(outbox.id == b("key"), outbox.state == "queued", outbox.attempts == 0)
    .values(state="cancelled", done_at=b("now"), raw=None),
    "outbox_cancel_items": update(OutboxRow)
    .where(
        outbox.ticket_id == b("ticket"),
        among(outbox.item_id, b("items")),
        outbox.state == "queued",
        outbox.attempts == 0,
    )
    .values(state="cancelled", done_at=b("now"), raw=None)
    .returning(outbox.address),
    "outbox_about": select(*_OUTBOX)
    .where(outbox.ticket_id == b("ticket_id"), among(outbox.item_id, b("items")))
    .order_by(outbox.id),
    "outbox_unsent": select(outbox.id)
    .where(
        outbox.ticket_id == b("ticket_id"),
        among(outbox.item_id, b("items")),
        outbox.state == "queued",
        outbox.attempts == 0,
    )
    .order_by(outbox.id),
    "outbox_forget": update(OutboxRow).where(outbox.id == b("key")).values(raw=None),
    "outbox_withdraw": delete(OutboxRow).where(
        outbox.ticket_id == b("ticket"), outbox.rule == b("which"), outbox.state == "queued"
    ),
    "outbox_drop": delete(OutboxRow).where(outbox.ticket_id == b("ticket")),
    "outbox_answers_to": select(func.count())
    .select_from(OutboxRow)
    .where(
        one_of(outbox.rule, "created", "declined"), outbox.at > b("since"), outbox.address == b("address")
    ),
    "outbox_answers_of_domain": select(func.count())
    .select_from(OutboxRow)
    .where(
        one_of(outbox.rule, "created", "declined"),
        outbox.at > b("since"),
        func.substr(outbox.address, -func.length(b("domain"))) == b("domain"),
    ),
    "outbox_answered": select(func.count())
    .select_from(OutboxRow)
    .where(
        outbox.ticket_id == b("ticket_id"),
        outbox.address == b("address"),
        outbox.rule == b("rule"),
    ),
    "outbox_ids_of": select(outbox.message_id, outbox.relay_id)
    .where(outbox.ticket_id == b("ticket_id"), outbox.address == b("address"), outbox.message_id.is_not(None))
    .order_by(outbox.id.desc())
    .limit(b("limit")),
    "outbox_ticket_of": select(outbox.ticket_id).where(
        outbox.ticket_id.is_not(None),
        or_(among(outbox.relay_id, b("ids")), among(outbox.message_id, b("ids"))),
    ),
    # ---------------------------------------------------------------------------------- received mails
    "mail_add": adding(MailRow, "id"),
    "mail_known": select(mail.id).where(mail.sha256 == b("sha256")),
    "mail_alike": select(mail.id).where(
        mail.message_id == b("message_id"), mail.sender == b("sender"), mail.text_sha256 == b("text_sha256")
    ),
    "mail_tickets": select(mail.message_id, mail.ticket_id).where(
        among(mail.message_id, b("ids")), mail.ticket_id.is_not(None)
    ),
    "mail_last_of": select(mail.message_id)
    .where(mail.ticket_id == b("ticket_id"), mail.sender == b("sender"), mail.message_id.is_not(None))
    .order_by(mail.id.desc())
    .limit(1),
    "mail_opened_since": select(func.count())
    .select_from(MailRow)
    .where(mail.sender == b("sender"), mail.at > b("since"), one_of(mail.outcome, "created", "mentioned")),
    "mail_joined_since": select(func.count())
    .select_from(MailRow)
    .where(
        mail.sender == b("sender"),
        mail.at > b("since"),
        mail.ticket_id == b("ticket_id"),
        mail.outcome == "appended",
    ),
    "mails": _mails.where(or_(b("outcome", Text).is_(None), mail.outcome == b("outcome")))
    .order_by(mail.id.desc())
    .limit(b("limit")),
    "mails_waiting": _mails.where(one_of(mail.outcome, "ignored", "quarantined"))
    .order_by(mail.id.desc())
    .limit(b("limit")),
    "mail_of": _mails.where(mail.id == b("id")),
    "mail_digests": select(mail.id, mail.sha256).where(mail.raw.is_not(None)).order_by(mail.id),
    "mail_raw": select(mail.raw).where(mail.id == b("id")),
    "mail_folds": select(mail.item_id, mail.folded_at).where(
        among(mail.item_id, b("items")), mail.folded_at.is_not(None)
    ),
    "mail_of_item": _mails.where(mail.item_id == b("item_id")).order_by(mail.id).limit(1),
    "mail_counts": select(mail.outcome, func.count()).group_by(mail.outcome).order_by(mail.outcome),
    "mail_settle": update(MailRow)
    .where(mail.id == b("key"))
    .values(
        outcome=b("new_outcome"),
        reason=b("new_reason"),
        ticket_id=b("new_ticket_id"),
        item_id=b("new_item_id"),
        folded_at=b("new_folded_at"),
    ),
    "mail_delete": update(MailRow).where(mail.id == b("key")).values(**_FORGOTTEN),
    "mails_drop": update(MailRow)
    .where(mail.ticket_id == b("ticket"))
    .values(**_FORGOTTEN, ticket_id=None, item_id=None),
    # ------------------------------------------------------------------------- each mail is taken once
    "mail_seen_is": select(seen.waits).where(
        seen.folder == b("folder"), seen.validity == b("validity"), seen.uid == b("uid")
    ),
    "mail_seen_add": upsert(MailSeenRow)
    .values({name: b(name) for name in ("folder", "validity", "uid", "waits", "at")})
    .on_conflict_do_nothing(),
    # -------------------------------------------------------------------------- settings of their own
    "muted_add": upsert(MailMutedRow).values(login=b("login"), rule=b("rule")).on_conflict_do_nothing(),
    "muted_drop": delete(MailMutedRow).where(
        muted.login == b("owner"), or_(b("which", Text).is_(None), muted.rule == b("which"))
    ),
    "muted_of": select(muted.rule).where(muted.login == b("login")).order_by(muted.rule),
    "muted_is": select(func.count())
    .select_from(MailMutedRow)
    .where(muted.login == b("login"), or_(muted.rule == "all", muted.rule == b("rule"))),
    "mail_texts": select(text.name, text.body).order_by(text.name),
    "mail_text": select(text.body).where(text.name == b("name")),
    "mail_text_put": upsert(MailTextRow)
    .values(name=b("name"), body=b("body"))
    .on_conflict_do_update(index_elements=["name"], set_={"body": b("body")}),
    "mail_text_drop": delete(MailTextRow).where(text.name == b("key")),
    "mail_state_get": select(state.value).where(state.name == b("name")),
    "mail_state_put": upsert(MailStateRow)
    .values(name=b("name"), value=b("value"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": b("value")}),
}
