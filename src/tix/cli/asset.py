"""Assets: things tickets are about."""

from tix.cli import nouns
from tix.desk.kinds import ASSET

KIND, SHOWN = nouns.kinds(ASSET)
COMMANDS = nouns.commands(ASSET)
