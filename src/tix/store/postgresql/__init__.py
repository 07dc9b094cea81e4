"""The store in a PostgreSQL database: the same statements, compiled for it, and the same answers.

Loaded only for a store whose address begins with ``postgresql://``. Needs the extra ``tix-desk[postgres]``.
"""
