"""`python -m evaluator`: figures from files; `--help` tells more."""

import io
import signal
import sys

if __name__ == "__main__":
    # As other programs do: end without a word when interrupted, and when nobody reads the output any more.
    for name in ("SIGINT", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    # Names that the terminal cannot show are escaped.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")

    from evaluator.command.line import main

    sys.exit(main())
