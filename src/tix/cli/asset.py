"""Assets: things tickets are about."""

from tix.cli import nouns
from tix.desk.resources.catalog import ASSET

KIND, SHOWN = nouns.kinds(ASSET)
COMMANDS = nouns.commands(ASSET)
