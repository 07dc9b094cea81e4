"""Run ``python -m tests.postgresql.suites``: tests that are about answers, with every desk in PostgreSQL.

What is about SQLite's own file is left out: its locks, journals, pages and plans. Needs PostgreSQL's programs; fails without them.
"""

import os
import subprocess
import sys

from tests.postgresql.cluster import cluster, programs

SUITES = ["tests/store", "tests/stories", "tests/laws"]
# Files that are about SQLite, and tests elsewhere that look into its file.
WITHOUT = [
    "tests/store/test_backup.py", "tests/store/test_connection.py", "tests/store/test_damage.py", "tests/store/test_files.py",
    "tests/store/test_migrations.py", "tests/store/test_plans.py", "tests/store/test_plans_of_reports.py",
    "tests/store/test_plans_of_scopes.py",
]  # fmt: skip


def main() -> int:
    if programs() is None:
        print("PostgreSQL is not installed: apt-get install postgresql", file=sys.stderr)  # noqa: T201  # a program
        return 2
    with cluster() as server:
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "3",
            "--dist",
            "worksteal",
            "-m",
            "not long and not sqlite",
            *SUITES,
        ]
        words += [f"--ignore={path}" for path in WITHOUT]
        return subprocess.run(
            words, env={**os.environ, "TIX_TEST_POSTGRESQL": server.server}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
