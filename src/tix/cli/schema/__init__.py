"""The contract of the command line for programs: JSON Schema of arguments, output, errors and exit codes."""
