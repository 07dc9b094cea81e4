"""Teams: people who share tickets."""

from tix.cli import nouns
from tix.desk.resources.organisation import TEAM

KIND, SHOWN = nouns.kinds(TEAM)
COMMANDS = nouns.commands(TEAM)
