"""One side of one row of the evaluator's benchmark in a process of its own: a call for each line it reads.

`python -m benchmarks.evaluator_worker ours|peers ROW`. What the call needs is prepared before it answers.
"""

import io
import json
import re
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

Figures = dict[str, float]
Prepared = tuple[Callable[[], Any], Callable[[Any], Figures]]


def main(side: str, row: str) -> None:
    call, figures = import_module(f"benchmarks.evaluator_{side}").ROWS[row]()
    answer({"ready": True})
    for _ in sys.stdin:
        with redirect_stdout(io.StringIO()):
            started = time.perf_counter()
            result = call()
            seconds = time.perf_counter() - started
        peak = peak_megabytes()
        answer({"seconds": seconds, "peak": peak, "figures": figures(result)})


def answer(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def peak_megabytes() -> float:
    """Return the most memory this process ever had: interpreter, libraries, data and results."""
    # Not ru_maxrss: a child takes over the peak of the process that started it.
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main(*sys.argv[1:])
