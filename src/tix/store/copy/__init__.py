"""Copy a whole desk from one store to another, in a file or in a database: every table, compared when it is done.

A copy that was broken off goes on. Until it is finished its target has a mark, and no other command takes it for a desk.
"""
