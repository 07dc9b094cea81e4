"""The shell: what a person types and reads. A command module holds no rule of the desk."""

import gc

# A command is over before there is garbage worth collecting; the collections while Typer loads cost 4 ms.
# Here, because this is what Python runs first of the command line.
gc.set_threshold(200_000, 20, 20)
