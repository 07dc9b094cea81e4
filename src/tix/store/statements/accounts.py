"""The statements of accounts, in SQLModel: passwords, sessions, tries, links in mails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.accounts import AttemptRow, LinkRow, PasswordRow, SessionRow
from tix.store.statements.expressions import adding, b, columns

password = columns(PasswordRow)
session = columns(SessionRow)
attempt = columns(AttemptRow)
link = columns(LinkRow)

_over = or_(session.created_at <= b("created_before"), session.seen_at <= b("seen_before"))

STATEMENTS: dict[str, Any] = {
    # ------------------------------------------------------------------------------------ passwords
    "password_of": select(password.hash, password.set_at).where(password.login == b("login")),
    "password_put": upsert(PasswordRow)
    .values(login=b("login"), hash=b("hash"), set_at=b("set_at"))
    .on_conflict_do_update(index_elements=["login"], set_={"hash": b("hash"), "set_at": b("set_at")}),
    "password_rehash": update(PasswordRow)
    .where(password.login == b("owner"), password.hash == b("old"))
    .values(hash=b("new")),
    "password_drop": delete(PasswordRow).where(password.login == b("owner")),
    # ------------------------------------------------------------------------------------- sessions
    "session_of": select(*session).where(session.digest == b("digest")),
    "sessions": select(*session).order_by(session.seen_at.desc(), session.digest),
    "sessions_of": select(*session)
    .where(session.login == b("login"))
    .order_by(session.seen_at.desc(), session.digest),
    "session_add": adding(SessionRow),
    "session_seen": update(SessionRow)
    .where(session.digest == b("key"), session.seen_at <= b("before"))
    .values(seen_at=b("now")),
    "session_drop": delete(SessionRow).where(session.digest == b("key")),
    "sessions_drop": delete(SessionRow).where(session.login == b("owner")),
    "sessions_over": select(session.digest).where(_over).limit(1),
    "sessions_sweep": delete(SessionRow).where(_over),
    # ----------------------------------------------------------------------------------------- tries
    "attempts": select(attempt.at)
    .where(attempt.key == b("key"), attempt.at > b("since"))
    .order_by(attempt.at),
    "attempt_add": adding(AttemptRow, "id"),
    "attempt_drop": delete(AttemptRow).where(attempt.id == b("attempt")),
    "attempts_drop": delete(AttemptRow).where(attempt.key == b("counted")),
    "attempts_over": select(attempt.id).where(attempt.at <= b("before")).limit(1),
    "attempts_sweep": delete(AttemptRow).where(attempt.at <= b("before")),
    # ----------------------------------------------------------------------------------------- links
    "link_of": select(*link).where(link.digest == b("digest")),
    "link_add": adding(LinkRow),
    "link_drop": delete(LinkRow).where(link.digest == b("key")),
    "links_drop_entries": delete(LinkRow).where(
        link.login == b("owner"), or_(link.kind == "password-reset", link.kind == "sign-in-link")
    ),
    "links_drop_of": delete(LinkRow).where(link.login == b("owner")),
    "links_drop_ratings": delete(LinkRow).where(
        and_(link.kind == "rating", link.ticket_id == b("ticket"), link.login == b("owner"))
    ),
    "links_over": select(link.digest).where(link.expires_at <= b("now")).limit(1),
    "links_sweep": delete(LinkRow).where(link.expires_at <= b("now")),
}
