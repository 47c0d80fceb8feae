"""`make bench-evaluator`: the evaluator beside its peers, in turns, one thread each, medians.

Both sides of a row stay alive in processes of their own, the peer's in the environment that
requirements/peers.txt describes. Data are loaded and one call is made before the first that counts, except of
`coco`: its peer needs most of a minute for a call, so there are three calls and none before. `peak MB` is all
memory of our process, interpreter, libraries and data included. Names of rows as arguments run only these and
write no results. The exit status tells whether anything was missed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

from benchmarks.evaluator_worlds import write_all
from benchmarks.installation import ROOT, write_results
from benchmarks.peers import peers_python, versions
from labelapp.home.progress import Progress

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
MEGABYTES = 500
ROUNDS = 5
COLUMNS = "{:32}{:>9}{:>9}{:>8}  {:22}{:>8}{:>6}  {}"


@dataclass(frozen=True)
class Row:
    """One line of the table: `times` is the least peer / ours, `seconds` the most of ours."""

    name: str
    title: str
    peer: str = ""
    times: float = 0
    seconds: float = float("inf")
    rounds: int = ROUNDS
    tolerance: float = 1e-9

    @property
    def wanted(self) -> str:
        limits = [f">= {self.times:.3g}x"] if self.times else []
        return ", ".join(limits + ([f"<= {self.seconds:g} s"] if self.seconds < float("inf") else []))


ROWS = (
    Row("alpha", "alpha, 1M raw labels", "krippendorff, given counts", times=1 / 1.5, seconds=0.15),
    Row("majority", "majority, 1M labels", "crowd-kit", times=10),
    Row("dawid-skene", "Dawid-Skene, 10 rounds", "crowd-kit", times=6, tolerance=1e-3),
    Row("coco", "COCO boxes, files to scores", "pycocotools", times=8, rounds=3),
    Row("relevance", "P@5 and nDCG@5, 10,000 x 100", "ir_measures", times=5),
    Row("sign-flips", "sign flips, 10,000 x 10,000", seconds=2),
    Row("bootstrap", "bootstrap, 10,000 x 10,000", "scipy", seconds=1.5, tolerance=1e-3),
    Row("retrieval", "P@1, 5,000 x 105,000 x 256 bit", "faiss, top 1", times=1 / 1.5),
)


class Worker:
    """One side of a row, waiting for its turn in a process of its own."""

    def __init__(self, python: str | Path, side: str, row: str) -> None:
        self._name = f"{side} {row}"
        self._process = subprocess.Popen(
            [python, "-W", "ignore", "-m", "benchmarks.evaluator_worker", side, row],
            cwd=ROOT,
            env={**os.environ, **dict.fromkeys(THREADS, "1")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def turn(self) -> dict[str, Any]:
        """Return seconds, peak memory and figures of one call."""
        print(file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> dict[str, Any]:
        line = next(iter(self._process.stdout or ()), "")
        if not line:
            raise SystemExit(f"{self._name} ended; it said why above.")
        found: dict[str, Any] = json.loads(line)
        return found


def main(names: list[str]) -> int:
    python = peers_python()
    with Progress().step("Writing the data"):
        write_all()
    print(
        COLUMNS.format("median seconds, 1 thread", "ours", "peer", "times", "wanted", "peak MB", "load", "")
    )
    results = [measure(row, python) for row in ROWS if not names or row.name in names]
    if not names:
        about = {"threads": 1, "peers": versions(), "unit": "seconds, median; MB, whole process"}
        write_results("evaluator", {**about, "results": results})
    return int(any(found["missed"] for found in results))


def measure(row: Row, python: Path) -> dict[str, Any]:
    other = Worker(python, "peers", row.name) if row.peer else nullcontext()
    with Worker(sys.executable, "ours", row.name) as ours, other as peer:
        sides = {"ours": ours, "peer": peer} if peer else {"ours": ours}
        if row.rounds == ROUNDS:
            for side in sides.values():
                side.turn()
        load = os.getloadavg()[0]
        turns = [{name: side.turn() for name, side in sides.items()} for _ in range(row.rounds)]
    found: dict[str, Any] = {
        "row": row.title,
        "wanted": row.wanted,
        "rounds": row.rounds,
        "load": round(load, 2),
    }
    found |= {name: summary([turn[name] for turn in turns]) for name in sides}
    if peer:
        found["peer"]["name"] = row.peer
        found["times"] = round(found["peer"]["seconds"] / found["ours"]["seconds"], 2)
    found["missed"] = list(missed(row, found))
    show(found)
    return found


def summary(turns: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "seconds": median(turn["seconds"] for turn in turns),
        "each": [round(turn["seconds"], 4) for turn in turns],
        "peak": round(max(turn["peak"] for turn in turns), 1),
        "figures": turns[-1]["figures"],
    }


def missed(row: Row, found: dict[str, Any]) -> Iterator[str]:
    """Yield what is not as it should be."""
    ours, peer = found["ours"], found.get("peer", {"figures": {}})
    if ours["seconds"] > row.seconds:
        yield f"over {row.seconds:g} s"
    if ours["peak"] > MEGABYTES:
        yield f"over {MEGABYTES} MB"
    if found.get("times", row.times) < row.times:
        yield f"under {row.times:.3g}x"
    for key in sorted(ours["figures"].keys() & peer["figures"].keys()):
        if not abs(ours["figures"][key] - peer["figures"][key]) <= row.tolerance:
            yield f"{key} differs from the peer's"


def show(found: dict[str, Any]) -> None:
    ours, peer = found["ours"], found.get("peer")
    times = (f"{peer['seconds']:.4f}", f"{found['times']:.2f}x") if peer else ("", "")
    numbers = (f"{ours['seconds']:.4f}", *times, found["wanted"], f"{ours['peak']:.0f}", found["load"])
    print(COLUMNS.format(found["row"], *numbers, ", ".join(found["missed"]) or "met"))
    for name, side in (("ours", ours), (peer and peer["name"], peer)):
        if side:
            print(f"    {name}:", ", ".join(f"{key} {value:.6g}" for key, value in side["figures"].items()))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
