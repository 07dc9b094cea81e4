"""How the shell asks: prompts, keys, the editor, texts and files."""
