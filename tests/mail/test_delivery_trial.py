"""Many mails through a relay that fails at random: every good recipient is reached, nothing goes to a refused one."""

import asyncio
import random
from collections import Counter

import pytest

from tests.mail.outgoing import a_mail
from tests.mail.relays import Script, scripted
from tix.domain.mail.delivery import UNCERTAIN_REPEATS, new, settle, step
from tix.domain.mail.message_id import make
from tix.mail.compose import render
from tix.mail.smtp.relay import Connection
from tix.mail.smtp.transaction import send

MAILS = 60
T0 = 1_790_000_000


class Moody(Script):
    """Refuses whoever is called ``no``, defers whoever is called ``grey`` twice in three times, breaks at the dot.

    One mail in ten it takes and says so only after ``stall`` seconds.
    """

    def __init__(self, chance, stall=0.0):
        super().__init__()
        self.chance = chance
        self.stall = stall
        self.got = Counter()
        self.ids = set()

    def _answer(self, step, server, usual):
        if step.startswith("rcpt no"):
            return "550 5.1.1 no such user"
        if step.startswith("rcpt grey") and self.chance.random() < 0.6:
            return "451 4.7.1 greylisted"
        return usual

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        luck = self.chance.random()
        if luck < 0.1:
            return "451 4.3.0 later"
        if not 0.2 <= luck < 0.28:  # then it drops without having taken the mail
            (id,) = [
                line for line in envelope.original_content.split(b"\r\n") if line.startswith(b"Message-ID: ")
            ]
            self.ids.add(id)
            self.got.update((id, address) for address in envelope.rcpt_tos)
        if luck < 0.28:
            server.transport.abort()
        if luck > 0.9:
            await asyncio.sleep(self.stall)
        return "250 2.0.0 Ok"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_good_recipient_is_reached(seed):
    chance = random.Random(seed)
    script = Moody(chance)
    copies, raws = {}, {}
    for number in range(MAILS):
        id = make(b"k" * 32, "r", number, 1, number.to_bytes(5, "big"), "desk.example")
        raws[number] = render(a_mail(message_id=id, text=".\n..\n"))
        names = [
            f"u{number}",
            *([f"grey{number}"] if number % 3 == 0 else []),
            *([f"no{number}"] if number % 5 == 0 else []),
        ]
        copies |= {(number, f"{name}@x.example"): new(T0) for name in names}
    with scripted(script) as relay:
        connection = Connection(relay)
        while due := min((copy.due for copy in copies.values() if copy.state == "queued"), default=None):
            number = next(
                key[0] for key, copy in copies.items() if copy.due == due and copy.state == "queued"
            )
            mine = [
                key
                for key, copy in copies.items()
                if key[0] == number and copy.due == due and copy.state == "queued"
            ]
            if not connection.is_open:
                connection = Connection(relay)
            result = send(
                connection, "d@x.example", [key[1] for key in mine], raws[number], before_dot=lambda: None
            )
            for key, one in zip(mine, result.recipients, strict=True):
                copies[key] = settle(step(copies[key], "lease"), one.outcome, due + 1, chance.random())
        connection.close()
    arrived = Counter()
    for (id, address), count in script.got.items():
        arrived[int(id.split(b".")[2]), address] += count
    good = [key for key in copies if not key[1].startswith("no")]
    assert {copies[key].state for key in copies if key not in good} == {"failed"}
    assert {copies[key].state for key in good} <= {"sent", "uncertain"}
    assert not [key for key in arrived if key[1].startswith("no")]
    assert [key for key in good if copies[key].state == "sent" and not arrived[key]] == []
    assert max(arrived.values()) <= 1 + UNCERTAIN_REPEATS
    assert len(script.ids) == MAILS
    assert sum(copies[key].state == "sent" for key in good) > 0.95 * len(good)
