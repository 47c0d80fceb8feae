"""`make bench-retrieval`: both engines beside faiss in one run, one thread, identical results asserted.

Per corpus size and passing share several restrictions are tried. Columns, in milliseconds per query:

- `again`, `first`: snapshot engine, one query per call, under a restriction it has seen before or not;
- `kernel`: the bare faiss kernel over a contiguous copy of exactly the passing rows, made beforehand;
- `flat`: faiss IndexBinaryFlat, called the usual way, over the same copy;
- `batch`, `bkernel`: snapshot engine and bare kernel, 32 queries under one restriction per call, as runs send
  them;
- `bitmap`: IndexBinaryFlat over all rows with an IDSelectorBitmap, which is made from the columns per query;
- `postgres`: the PostgreSQL engine.

Each figure is a median over calls, the smallest of several rounds, as other work on the machine only adds.
`/kernel` is again to kernel, `/batch` batch to bkernel, `/flat` again to flat.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.retrieval_corpus import Corpus, Filter, make_corpus, make_filter, make_queries
from labelapp.home.embedded_postgres import EmbeddedPostgres
from model_hooks.retrieval.engine import Hit, Retriever
from model_hooks.retrieval.postgres import PostgresRetriever
from model_hooks.retrieval.snapshot import SnapshotRetriever

# As Any: the stubs that faiss ships describe the C++ constructors, not those it gives to Python.
faiss: Any = import_module("faiss")

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".local" / "bench-retrieval"
RESULTS = ROOT / "benchmarks" / "results" / "retrieval.json"
SIZES = (100_000, 1_000_000)
SHARES = (1.0, 0.1, 0.01, 0.001)
FAST = ("first", "again", "kernel", "flat", "batch", "bkernel")
COLUMNS = (*FAST, "bitmap", "postgres", "/kernel", "/batch", "/flat", "load")
RATIOS = {"/kernel": ("again", "kernel"), "/batch": ("batch", "bkernel"), "/flat": ("again", "flat")}
K = 5
ROUNDS = 5
FILTERS = 8
QUERIES = 32
BATCHES = 8
SLOW_FILTERS = 4
SLOW_QUERIES = 3
TARGET_RATIO = 1.3

Code = NDArray[np.uint8]
Search = Callable[[Code], Any]


def main(sizes: tuple[int, ...]) -> None:
    faiss.omp_set_num_threads(1)
    results = []
    with postgres_connection() as connection:
        for size in sizes:
            results += measure_size(size, PostgresRetriever(lambda: connection))
    print_targets(results)
    RESULTS.parent.mkdir(exist_ok=True)
    about = {"bits": 256, "k": K, "threads": 1, "cpus": os.cpu_count(), "faiss": faiss.__version__}
    RESULTS.write_text(
        json.dumps({**about, "unit": "ms per query, median of the best round", "results": results}, indent=1)
        + "\n"
    )


def measure_size(size: int, postgres: PostgresRetriever) -> list[dict[str, Any]]:
    rng = np.random.default_rng(size)
    corpus = make_corpus(size, rng)
    print(f"\n{size:,} products x 256 bit: building", flush=True)
    started = time.perf_counter()
    version = SnapshotRetriever(FOLDER / "snapshots").build(corpus.rows())
    built = time.perf_counter()
    if postgres.build(corpus.rows()) != version:
        raise SystemExit("The two engines give the same corpus different versions.")
    print(f"snapshot {built - started:.1f} s, postgres {time.perf_counter() - built:.1f} s", flush=True)
    print(f"{'passing':>9}", *(f"{name:>9}" for name in COLUMNS), flush=True)
    return [measure_share(corpus, share, rng=rng, postgres=postgres, version=version) for share in SHARES]


def measure_share(
    corpus: Corpus, share: float, *, rng: np.random.Generator, postgres: PostgresRetriever, version: str
) -> dict[str, Any]:
    filters = [make_filter(corpus, share, rng) for _ in range(FILTERS)] if share < 1 else [None]
    queries = make_queries(corpus, QUERIES, rng)
    rounds = []
    for _ in range(ROUNDS):
        engine = SnapshotRetriever(FOLDER / "snapshots")
        engine.count(version=version)
        rounds.append(run_fast(engine, corpus, filters, queries=queries, version=version))
    slow = run_slow(postgres, corpus, filters[:SLOW_FILTERS], queries=queries[:SLOW_QUERIES], version=version)
    fast = {name: min(found[name] for found in rounds) for name in FAST}
    found = {"products": len(corpus.codes), "passing": share, **fast, **slow}
    found |= {name: found[one] / found[other] for name, (one, other) in RATIOS.items()}
    found["load"] = os.getloadavg()[0]
    print(f"{share:9.1%}", *(f"{found[name]:9.4f}" for name in COLUMNS), flush=True)
    return {name: round(value, 4) for name, value in found.items()}


def run_fast(
    engine: SnapshotRetriever,
    corpus: Corpus,
    filters: Sequence[Filter | None],
    *,
    queries: Code,
    version: str,
) -> dict[str, float]:
    """Time the snapshot engine and faiss over the passing rows; each runs once untimed before."""
    times: dict[str, list[float]] = {name: [] for name in FAST}
    singles, batches = [query[None] for query in queries], [queries] * BATCHES
    for chosen in filters:
        rows = np.arange(len(corpus.codes)) if chosen is None else chosen.rows
        copy = np.ascontiguousarray(corpus.codes[rows])
        expected = [nearest(query, copy, rows) for query in queries]
        search, kernel = searcher(engine, chosen, version), bare_kernel(copy)
        times["first"] += timed(search, singles[:1])[0]
        flat = flat_index(copy)
        for name, call, asked in (
            ("again", search, singles),
            ("kernel", kernel, singles),
            ("flat", flat, singles),
            ("batch", search, batches),
            ("bkernel", kernel, batches),
        ):
            timed(call, asked[:4])
            seconds, found = timed(call, asked)
            times[name] += [taken / len(asked[0]) for taken in seconds]
            check(name, found, expected * (len(found) // len(expected)))
    return {name: float(np.median(seconds)) * 1000 for name, seconds in times.items()}


def run_slow(
    engine: PostgresRetriever,
    corpus: Corpus,
    filters: Sequence[Filter | None],
    *,
    queries: Code,
    version: str,
) -> dict[str, float]:
    """Time PostgreSQL and faiss with a bitmap over all rows."""
    times: dict[str, list[float]] = {"postgres": [], "bitmap": []}
    index = faiss.IndexBinaryFlat(corpus.codes.shape[1] * 8)
    index.add(corpus.codes)
    for chosen in filters:
        rows = np.arange(len(corpus.codes)) if chosen is None else chosen.rows
        expected = [nearest(query, corpus.codes[rows], rows) for query in queries]
        calls = {
            "postgres": searcher(engine, chosen, version),
            "bitmap": bitmap_index(index, corpus, chosen),
        }
        for name, call in calls.items():
            seconds, found = timed(call, [query[None] for query in queries])
            times[name] += seconds
            check(name, found, expected)
    return {name: float(np.median(seconds)) * 1000 for name, seconds in times.items()}


def timed(call: Search, asked: Sequence[Code]) -> tuple[list[float], list[Any]]:
    """Return the seconds of each call, and what was found for each query of all calls."""
    seconds, found = [], []
    for queries in asked:
        started = time.perf_counter()
        result = call(queries)
        seconds.append(time.perf_counter() - started)
        found += list(result)
    return seconds, found


def searcher(engine: Retriever, chosen: Filter | None, version: str) -> Search:
    where = chosen.where if chosen else None
    return lambda queries: engine.search(queries, K, where, version=version)


def bare_kernel(codes: Code) -> Search:
    point = faiss.swig_ptr

    def search(queries: Code) -> Any:
        count = len(queries)
        distances, rows = np.empty((count, K), np.int32), np.empty((count, K), np.int64)
        sizes = (count, len(codes), K, codes.shape[1])
        faiss.hammings_knn_mc(point(queries), point(codes), *sizes, point(distances), point(rows))
        return distances

    return search


def flat_index(codes: Code) -> Search:
    index = faiss.IndexBinaryFlat(codes.shape[1] * 8)
    index.add(codes)
    return lambda queries: index.search(queries, K)[0]


def bitmap_index(index: Any, corpus: Corpus, chosen: Filter | None) -> Search:
    def search(queries: Code) -> Any:
        if chosen is None:
            return index.search(queries, K)[0]
        selector = faiss.IDSelectorBitmap(np.packbits(chosen.mask(corpus), bitorder="little"))
        return index.search(queries, K, params=faiss.SearchParameters(sel=selector))[0]

    return search


def nearest(query: Code, codes: Code, ids: NDArray[np.int64]) -> list[Hit]:
    """Return the right answer: every distance taken, sorted by (distance, id)."""
    distances = np.bitwise_count(codes.view(np.uint64) ^ query.view(np.uint64)).sum(axis=1, dtype=np.int64)
    near = np.flatnonzero(distances <= np.partition(distances, K - 1)[K - 1])
    order = near[np.lexsort((ids[near], distances[near]))][:K]
    return [Hit(int(ids[row]), int(distances[row])) for row in order]


def check(name: str, found: list[Any], expected: list[list[Hit]]) -> None:
    """Engines must find the very hits, faiss (whose ties have no order) the same distances."""
    for hits, right in zip(found, expected, strict=True):
        same = hits == right if isinstance(hits, list) else hits.tolist() == [hit.distance for hit in right]
        if not same:
            raise SystemExit(f"{name} found {hits}, right is {right}.")


def print_targets(results: list[dict[str, Any]]) -> None:
    for name, what in (("/kernel", "single queries"), ("/batch", "batches of 32")):
        worst = max(results, key=lambda found: found[name])
        where = f"{worst['passing']:.1%} of {worst['products']:,}"
        print(f"{what}: at most {worst[name]:.2f}x the kernel, at {where} (target {TARGET_RATIO}x)")
    for found in results:
        if (found["products"], found["passing"]) == (1_000_000, 0.01):
            print(f"p50 at 1 % of 1M: {found['again']:.3f} ms, first {found['first']:.3f} ms (target 1 ms)")


@contextmanager
def postgres_connection() -> Iterator[psycopg.Connection[Any]]:
    """Connect to DATABASE_URL, else to a server of the benchmark's own; no parallel workers."""
    url = os.environ.get("DATABASE_URL")
    server = None if url else EmbeddedPostgres(FOLDER)
    if server:
        server.start()
        url = f"host={server.socket_dir} user=postgres dbname=postgres"
    try:
        with psycopg.connect(url or "", autocommit=True) as connection:
            connection.execute("SET max_parallel_workers_per_gather = 0")
            yield connection
    finally:
        if server:
            server.stop()


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
