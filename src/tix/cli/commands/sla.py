"""SLA plans: how soon a ticket is answered and resolved."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.sla import PLAN

KIND, SHOWN = resource_commands.kinds(PLAN)
COMMANDS = resource_commands.commands(PLAN)
