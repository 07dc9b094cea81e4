"""``python -m tix``."""

from tix.cli.main import program

if __name__ == "__main__":
    program()
