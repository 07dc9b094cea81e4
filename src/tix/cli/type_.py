"""Ticket types: what kinds of ticket there are."""

from tix.cli import nouns
from tix.desk.resources.catalog import TYPE

KIND, SHOWN = nouns.kinds(TYPE)
COMMANDS = nouns.commands(TYPE)
