"""Clients: organisations whose people raise tickets."""

from tix.cli import nouns
from tix.desk.resources.organisation import CLIENT

KIND, SHOWN = nouns.kinds(CLIENT)
COMMANDS = nouns.commands(CLIENT, {"show": "One client, its contacts and the tickets you see of it."})
