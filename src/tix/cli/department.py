"""Departments: where tickets go, and who works there."""

from tix.cli import nouns
from tix.desk.resources.organisation import DEPARTMENT

KIND, SHOWN = nouns.kinds(DEPARTMENT)
COMMANDS = nouns.commands(DEPARTMENT)
