"""The bare floor: Python and SQLite alone, the queue as one query, its first fifty rows printed. Run as `bare.py STORE`."""

import sqlite3
import sys

QUEUE = (
    "SELECT number, status, priority, assignee, requester, due_at, subject FROM ticket WHERE phase = 'open' "
    "ORDER BY rank DESC, due_key, number LIMIT 50"
)

for row in sqlite3.connect(sys.argv[1]).execute(QUEUE):
    print("\t".join(map(str, row)))
