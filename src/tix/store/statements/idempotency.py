"""The statements about idempotency keys, in SQLModel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.desk import KeyedWriteRow
from tix.store.statements.expressions import b, keyed_write

STATEMENTS: dict[str, Any] = {
    "idempotent": select(keyed_write.ticket_id, keyed_write.digest, keyed_write.result).where(
        keyed_write.login == b("login"), keyed_write.key == b("key"), keyed_write.created_at > b("since")
    ),
    # A write that creates a ticket is recorded as that first, and then as a whole.
    "idempotent_put": upsert(KeyedWriteRow)
    .values({name: b(name) for name in ("login", "key", "ticket_id", "created_at", "digest", "result")})
    .on_conflict_do_update(
        index_elements=["login", "key"], set_={"digest": b("digest"), "result": b("result")}
    ),
    "idempotent_expired": select(keyed_write.created_at).where(keyed_write.created_at <= b("since")).limit(1),
    "idempotent_expire": delete(KeyedWriteRow).where(keyed_write.created_at <= b("since")),
    "idempotent_forget": delete(KeyedWriteRow).where(keyed_write.ticket_id == b("ticket_id")),
}
