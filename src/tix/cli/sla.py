"""SLA plans: how soon a ticket is answered and resolved."""

from tix.cli import nouns
from tix.desk.clocks import PLAN

KIND, SHOWN = nouns.kinds(PLAN)
COMMANDS = nouns.commands(PLAN)
