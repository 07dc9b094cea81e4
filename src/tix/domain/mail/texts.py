"""The texts of outgoing mail, one for each reason, and how they are filled in. Desks can write their own.

They are in the language of canned replies: ``{{ ticket.ref }}`` is replaced; ``{{#text}} … {{/text}}`` stays only where
``text`` is not empty, ``{{^text}} … {{/text}}`` only where it is (as in Mustache). Nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tix.domain import canned
from tix.domain.accounts.links import RESET, SIGN_IN
from tix.errors import InvalidValue, UnknownName

# What a text can name besides the placeholders of canned replies: what was written or changed, by whom, the desk, the
# ticket that one is merged into, and links to the web page: to rate the ticket, and what was asked for.
OWN = ("text", "change", "author.name", "desk.name", "recipient.name", "target.ref", "rating.url", "link.url")
PLACEHOLDERS = (*canned.PLACEHOLDERS, *OWN)


_RATE = "{{#rating.url}}\n\nHow did we do? Rate the help you got: {{ rating.url }}\n{{/rating.url}}"

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "created": "Your request has been received as {{ ticket.ref }}: {{ ticket.subject }}\n\n"
        "We will write to you at this address. Reply to this mail to add to it.\n",
        "new-ticket": "{{ requester.name }} created {{ ticket.ref }}: {{ ticket.subject }}\n\n{{ text }}\n",
        "assigned": "{{ ticket.ref }} is assigned to you: {{ ticket.subject }}\n"
        "{{#text}}\n\n{{ author.name }} wrote:\n\n{{ text }}\n{{/text}}",
        "released": "{{ ticket.ref }} is no longer assigned to you: {{ ticket.subject }}\n",
        "overdue": "{{ ticket.ref }} is overdue: {{ ticket.subject }}\n",
        "message": "{{ author.name }} wrote on {{ ticket.ref }}:\n\n{{ text }}\n",
        "answered": "{{ author.name }} replied to {{ ticket.ref }}:\n\n{{ text }}\n",
        "noted": "{{ author.name }} added an internal note to {{ ticket.ref }}:\n\n{{ text }}\n",
        "reopened": "{{ ticket.ref }} is open again: {{ ticket.subject }}\n",
        "resolved": "{{ ticket.ref }} is resolved: {{ ticket.subject }}\n\n"
        "If it is not, reply to this mail, and the ticket is opened again.\n" + _RATE,
        "closed": "{{ ticket.ref }} is closed: {{ ticket.subject }}\n" + _RATE,
        "merged": "{{ ticket.ref }} is merged into {{ target.ref }}: {{ ticket.subject }}\n\n"
        "Everything written on it is there now. Reply to this mail to add to {{ target.ref }}.\n",
        "rated": "{{ requester.name }} rated {{ ticket.ref }}: {{ change }}\n",
        "mail-declined": "A mail for {{ ticket.ref }}, which is closed for good, was declined:\n\n{{ change }}\n",
        "declined": "Your mail was not added to {{ ticket.ref }}, because that ticket is closed for good.\n\n"
        "To go on, write a new mail to this address, with a subject of its own.\n",
        "taken-back": "A change to {{ ticket.ref }} that you were notified of was undone: {{ change }}\n",
        "changed": "{{ author.name }} changed {{ ticket.ref }}: {{ change }}\n",
        RESET: "Hello {{ recipient.name }},\n\nyou can set a new password here:\n\n{{ link.url }}\n\n"
        "The link works once, and for an hour. If you did not ask for it, you do not have to do anything: your "
        "password stays as it is.\n",
        SIGN_IN: "Hello {{ recipient.name }},\n\nyou can sign in here:\n\n{{ link.url }}\n\n"
        "The link works once, and for 15 minutes. If you did not ask for it, you do not have to do anything.\n",
    }
)


def find(name: str) -> str:
    """Return the shipped text of that name. Raises UnknownName with the known ones."""
    if name not in TEXTS:
        raise UnknownName(f"no mail text named '{name}'", hint="use one of " + ", ".join(TEXTS))
    return TEXTS[name]


# The subjects of mails that are about no ticket; the name of the desk follows.
SUBJECTS: Mapping[str, str] = MappingProxyType({RESET: "Set a new password", SIGN_IN: "Sign in"})


def checked(body: str, name: str = "") -> str:
    """Return a text whose placeholders are all known and whose sections are closed.

    ``name`` is the text's; one that mails a link has to contain it. Raises InvalidValue.
    """
    if not body.strip():
        raise InvalidValue("the text is empty", hint="to return to the shipped one: tix mail text reset NAME")
    canned.checked(body, PLACEHOLDERS)
    if name in SUBJECTS and not canned.filled(body, {"link.url": "\0"}).count("\0"):
        raise InvalidValue("the text does not contain the link", hint="add {{ link.url }}")
    return body


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders replaced; empty lines at its end go."""
    return canned.filled(body, values).rstrip() + "\n"
