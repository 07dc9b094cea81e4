"""compiled.py is what tables.py and statements.py say."""

import subprocess
import sys


def test_the_compiled_sql_is_fresh():
    """A stale compiled.py would run yesterday's statements; `make sql` writes it anew."""
    done = subprocess.run(
        [sys.executable, "-m", "tix.store.statements.compile", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
