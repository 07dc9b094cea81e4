"""The only place with SQL: tables and statements written once, compiled ahead of time, run by the plain driver."""
