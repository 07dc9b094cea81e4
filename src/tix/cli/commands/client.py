"""Clients: organisations whose people raise tickets."""

from tix.cli import resource_commands
from tix.desk.resources.organisation import CLIENT

KIND, SHOWN = resource_commands.kinds(CLIENT)
COMMANDS = resource_commands.commands(
    CLIENT, {"show": "One client, its contacts and the tickets you see of it."}
)
