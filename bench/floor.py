"""The floor: what any program with Typer and SQLite costs. Every budget is a ratio to it.

Two commands, plain help, no completion, one connection, one row, printed. Run as `floor.py row STORE`.
"""

import sqlite3

import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def row(store: str) -> None:
    """Print one ticket of a store."""
    connection = sqlite3.connect(store)
    number, subject = connection.execute("SELECT number, subject FROM ticket LIMIT 1").fetchone()
    print(f"{number}\t{subject}")


@app.command()
def tables(store: str) -> None:
    """Print the tables of a store; a second command, so that there are two."""
    for (name,) in sqlite3.connect(store).execute("SELECT name FROM sqlite_master"):
        print(name)


if __name__ == "__main__":
    app()
