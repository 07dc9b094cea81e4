"""Mail: whether a program wrote it, what becomes of it, its ids, its texts, when it is sent again. Pure."""
