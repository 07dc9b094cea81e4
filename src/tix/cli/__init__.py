"""The command line: it parses, asks, calls the desk and prints. It contains no business rules."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # ``signal`` makes enums of it for 2 ms, and ctrl-c would be a traceback
import gc

# While Typer loads, ctrl-c ends the program without a traceback; ``main`` takes over.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

# A command is over before there is garbage worth collecting; the collections while Typer loads cost 4 ms.
# Here, because this is what Python runs first of the command line.
gc.set_threshold(200_000, 20, 20)
