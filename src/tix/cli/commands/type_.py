"""Ticket types: the kinds of ticket on this desk."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.catalog import TYPE

KIND, SHOWN = resource_commands.kinds(TYPE)
COMMANDS = resource_commands.commands(TYPE)
