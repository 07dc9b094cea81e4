"""Calendars: business hours, time zone, holidays."""

from tix.cli import nouns
from tix.desk.resources.sla import CALENDAR

KIND, SHOWN = nouns.kinds(CALENDAR)
COMMANDS = nouns.commands(CALENDAR)
