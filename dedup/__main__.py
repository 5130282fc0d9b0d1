"""`python -m dedup` is the command `dedup`."""

import contextlib
import os
import signal
import sys

from dedup.commands import signals
from dedup.commands.limits import watched


def main() -> int:
    """The exit code of the command line; where the address space is limited a process watches it."""
    return watched(_main)


def _main() -> int:
    """The exit code of the command line, which hears a request to end from its first moment."""
    signals.listen()
    try:
        from dedup.cli import main as run
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    code = run()
    if signals.asked():
        signals.stop_listening()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)  # a thread that compiles a kernel is not waited for
    return code


if __name__ == "__main__":
    sys.exit(main())
