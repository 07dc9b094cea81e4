"""The shell: what a person types and reads. A command module holds no rule of the desk."""

import gc
import signal

# A command is over before there is garbage worth collecting; the collections while Typer loads cost 4 ms.
# Here, because this is what Python runs first of the command line.
gc.set_threshold(200_000, 20, 20)

# While Typer loads, ctrl-c ends the program without a traceback; ``main`` takes over.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
