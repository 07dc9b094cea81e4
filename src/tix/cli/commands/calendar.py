"""Calendars: business hours, time zone, holidays."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.sla import CALENDAR

KIND, SHOWN = resource_commands.kinds(CALENDAR)
COMMANDS = resource_commands.commands(CALENDAR)
