"""Clients: organisations with the people who create tickets."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.organisation import CLIENT

KIND, SHOWN = resource_commands.kinds(CLIENT)
COMMANDS = resource_commands.commands(
    CLIENT, {"show": "Show one client with its contacts and the number of its tickets."}
)
