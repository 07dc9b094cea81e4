"""SLA plans: how soon a ticket is answered and resolved."""

from tix.cli import nouns
from tix.desk.resources.sla import PLAN

KIND, SHOWN = nouns.kinds(PLAN)
COMMANDS = nouns.commands(PLAN)
