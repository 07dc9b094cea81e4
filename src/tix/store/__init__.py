"""The only home of SQL: tables and statements written once, compiled ahead of time, run by the bare driver."""
