"""What commands ask of a desk, by topic: each has a class for the desk in a file and one for a desk on a server."""
