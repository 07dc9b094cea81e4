"""Who may do what, against the lifecycle page's table, written again by hand."""

import pytest

from tests.factories import actor
from tix.cli.main import COMMANDS
from tix.domain.policy import PERMISSIONS, permission, requester_scope, require, scope_of
from tix.errors import NotAllowed

# verb: requester, agent, admin. "workflow": as the workflow says; "own": theirs alone.
TABLE = """
new              own       yes  yes
show             own       yes  yes
reply            own       yes  yes
attach add       own       yes  yes
list             own       yes  yes
search           own       yes  yes
log              own       yes  yes
export           own       yes  yes
completion       own       yes  yes
attach list      own       yes  yes
attach save      own       yes  yes
whoami           yes       yes  yes
config get       yes       yes  yes
note             no        yes  yes
assign           no        yes  yes
claim            no        yes  yes
edit             no        yes  yes
start            no        yes  yes
hold             no        yes  yes
resolve          no        yes  yes
import           no        yes  yes
tick             no        yes  yes
doctor           no        yes  yes
db backup        no        yes  yes
attach rm        no        yes  yes
close            workflow  yes  yes
reopen           workflow  yes  yes
rate             own       own  own
delete           no        no   yes
user change      no        no   yes
type change      no        no   yes
priority change  no        no   yes
workflow use     no        no   yes
config set       no        no   yes
db restore       no        no   yes
as               no        no   yes
"""
ROWS = [(line[:17].strip(), *line[17:].split()) for line in TABLE.strip().split("\n")]
ROLES = ("requester", "agent", "admin")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_table_is_the_pages(row):
    """Each cell, and what `require` makes of it."""
    verb, *cells = row
    assert cells == [permission(verb, role) for role in ROLES]
    for role, cell in zip(ROLES, cells, strict=True):
        if cell == "no":
            with pytest.raises(NotAllowed) as refused:
                require(actor("x", role), verb)
            assert refused.value.exit_status == 4
        else:
            require(actor("x", role), verb)


def test_a_verb_that_is_not_in_the_table_is_denied():
    """To everybody, admins too."""
    for role in ROLES:
        assert permission("fly", role) == "no"
        with pytest.raises(NotAllowed):
            require(actor("x", role), "fly")


def test_more_is_never_allowed_to_less():
    """What an agent may an admin may; what a requester may staff may."""
    order = {"no": 0, "workflow": 1, "own": 1, "yes": 2}
    for verb, row in PERMISSIONS.items():
        assert order[row.requester] <= order[row.agent] <= order[row.admin], verb


def test_every_verb_of_the_shell_has_its_row():
    """By itself or by the words behind a noun; what needs no permission is listed here with its reason."""
    free = {
        "init": "makes the desk",
        "demo": "a desk of its own",
        "completion": "prints a script",
        "db": "path alone is for everybody; the others have rows",
    }
    verbs = {verb.split()[0] for verb in PERMISSIONS}
    assert {name for name in COMMANDS if name not in verbs and name not in free} == set()


def test_a_scope_is_all_or_own():
    """Staff see everything (until there are departments), a requester what they raised; glasses are theirs."""
    assert scope_of(actor("ann", "agent"))[::2] == ("all", True)
    assert scope_of(actor("root", "admin"))[::2] == ("all", True)
    assert ("own", "rita", False) == scope_of(actor("rita", "requester")) == requester_scope("rita")
