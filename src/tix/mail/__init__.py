"""Mail: a channel beside the shell. Reads and writes messages; every rule is one of the domain."""
