"""A signal ends a command wherever in the program it arrives."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import Shell

# Where Python runs a handler and drops what it raises: the signal has to come again.
SWALLOWING = {
    "a weak reference's callback": "gone = Thing(); ref = weakref.ref(gone, lambda _: raise_signal(number)); del gone",
    "a finalizer": "Thing.__del__ = lambda self: raise_signal(number); Thing()",
    "something that takes every refusal": """
try:
    raise_signal(number)
except Exception:
    pass
""",
}

PROGRAM = """
import sys, time, weakref
from signal import raise_signal
from tix.cli.signals import listen, number_of

class Thing: pass

{listen}
number = int(sys.argv[1])
try:
    exec(sys.argv[2])
    time.sleep(1)
    print("went on")
except KeyboardInterrupt as stopped:
    print("ended by", number_of(stopped))
"""


def run(where: str, number: int, listen: str = "listen()") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(listen=listen), str(number), SWALLOWING[where]],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("number", [2, 15])
@pytest.mark.parametrize("where", SWALLOWING)
def test_a_signal_is_not_lost_where_python_drops_what_a_handler_raises(where: str, number: int) -> None:
    done = run(where, number)
    assert (done.stdout, done.stderr) == (f"ended by {number}\n", "")


def test_what_is_dropped_without_it() -> None:
    """The fault is real: a plain handler's exception is lost in a callback."""
    done = run("a finalizer", 2, listen="import signal; signal.signal(2, signal.default_int_handler)")
    assert done.stdout == "went on\n"
    assert "KeyboardInterrupt" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("as_json", [True, False])
def test_what_it_says_of_a_command_on_many_is_true(
    tmp_path: Path, number: signal.Signals, as_json: bool
) -> None:
    """They are written by and by: what is there already stays, and nobody is told otherwise."""
    desk = Shell(tmp_path)
    desk.tix("init")
    for part in range(3):
        desk.tix("import", "-", stdin="subject,message\n" + "".join(f"S{part} {n},m\n" for n in range(500)))
    process = desk.start("edit", "1-1500", "-p", "high", *(["--json"] if as_json else []))
    while desk.tix("list", "--priority", "high", "--count").out == "0\n":
        pass
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 128 + number
    assert "nothing was written" not in err.decode()
    if as_json:
        *notices, told = (json.loads(line) for line in err.splitlines())
        assert (told["error"]["code"], told["error"]["exit"]) == ("interrupted", 128 + number)
        said = [one["notice"]["message"] for one in notices]
    else:
        *said, _, _ = err.decode().splitlines()
        assert err.decode().endswith(
            "tix: interrupted; some changes may have been written\n  hint: to see them: tix log\n"
        )
    done = int(desk.tix("list", "--priority", "high", "--count").out)
    assert said == [f"Stopped after {done:,} tickets of 1,500; they are done."]
    assert desk.tix("doctor").code == 0
    desk.close()


def test_another_failure_there_is_still_told() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tix.cli.signals import listen\nlisten()\nclass A:\n    def __del__(self): 1 / 0\nA()",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ZeroDivisionError" in done.stderr
