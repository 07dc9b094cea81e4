"""The bytes of a message: its tree, headers, charsets, texts and files, read within limits."""
