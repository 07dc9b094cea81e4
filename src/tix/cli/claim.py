"""``tix claim``: exactly one of several who claim at once gets the ticket."""

from tix.cli import arguments
from tix.cli.arguments import Output, References
from tix.cli.session import Session
from tix.cli.writing import write


@arguments.command
def command(
    session: Session,
    references: References,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Take tickets nobody has."""
    from tix.desk import tickets

    return write(
        session,
        references,
        output,
        "claim",
        tickets.claim,
        lambda ticket: "is yours",
        lambda ticket: "is yours already",
    )
