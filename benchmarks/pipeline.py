"""`make bench-pipeline`: a whole run on one worker beside the bare forward passes of the same models.

The reference decodes, detects, crops, preprocesses and embeds the same pictures in one process, in the same
batches, on one thread, and keeps nothing. The run does this too, and leases chunks, stores detections and
features, searches the corpus, writes objects and candidates, and queues what is to be judged. Both take turns
over small blocks of the pictures, so that both meet the same machine; the feature store knows none of them.
The figure is the median of the blocks' ratios. A run's time is from its start to its state "finished". Beside
it stands the ratio of the processor seconds of both, which other programs on the machine disturb less.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".local" / "bench-pipeline"
WEIGHTS = ROOT.parent / "shared" / "weights"
RESULTS = ROOT / "benchmarks" / "results" / "pipeline.json"
TARGET, MEMORY_TARGET = 0.85, 1.2 * 2**30
BLOCKS = 20
PRODUCTS = 1000
OBJECTS = 3.0
SAMPLE = 48
WAIT_SECONDS = 3600


def main(pictures: int) -> None:
    with ExitStack() as running:
        env = running.enter_context(servers())
        from benchmarks import pipeline_world

        world = pipeline_world.prepare(pictures, products=PRODUCTS, objects=OBJECTS, sample=SAMPLE)
        worker = running.enter_context(pipeline_world.worker(FOLDER, env))
        pipeline_world.embed(world, seconds=WAIT_SECONDS)
        pipeline_world.run(world, world.warm_up, seconds=WAIT_SECONDS)
        blocks = [measure(world, block, worker) for block in world.blocks(BLOCKS)]
        memory = pipeline_world.peak_memory(worker.pid)
    report(blocks, memory, world=world)


def measure(world: Any, block: Any, worker: Any) -> dict[str, float]:
    """Let the reference and the worker look at the same pictures, one after the other."""
    from benchmarks import pipeline_world

    before, started = time.process_time(), time.perf_counter()
    objects = pipeline_world.reference(world, block)
    bare_seconds, bare_cpu = time.perf_counter() - started, time.process_time() - before
    before = pipeline_world.processor_seconds(worker.pid)
    run = pipeline_world.run(world, block, seconds=WAIT_SECONDS)
    run_cpu = pipeline_world.processor_seconds(worker.pid) - before
    if run.objects != objects:
        sys.exit(f"The reference saw {objects} objects and the run {run.objects}; they must be the same.")
    found = {
        "bare": len(block) / bare_seconds,
        "run": len(block) / run.seconds,
        "ratio": bare_seconds / run.seconds,
        "cpu_ratio": bare_cpu / run_cpu,
        "objects": objects / len(block),
        "load": os.getloadavg()[0],
    }
    print("  ".join(f"{name} {value:.3f}" for name, value in found.items()), flush=True)
    return {name: round(value, 4) for name, value in found.items()}


def report(blocks: list[dict[str, float]], memory: int, *, world: Any) -> None:
    medians = {name: statistics.median(block[name] for block in blocks) for name in blocks[0]}
    result = {
        "pictures": len(world.scenes),
        "models": world.models,
        "threads": 1,
        "cpus": os.cpu_count(),
        "medians": medians,
        "worker_peak_bytes": memory,
        "blocks": blocks,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    print(f"run {medians['run']:.2f} of {medians['bare']:.2f} pictures/s")
    print(f"ratio {medians['ratio']:.3f}, wanted {TARGET}; of processor time {medians['cpu_ratio']:.3f}")
    print(f"worker {memory / 2**30:.2f} GiB at most, wanted {MEMORY_TARGET / 2**30:.2f}")


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Start servers of the benchmark's own and point Django at them, with an empty database."""
    from labelapp.home.servers import EmbeddedServers

    env = {
        "DATA_DIR": str(FOLDER),
        "MODEL_ROOT": str(FOLDER / "models"),
        "OMP_NUM_THREADS": "1",
        "LOG_LEVEL": "WARNING",
    }
    os.environ.update(env, DJANGO_SETTINGS_MODULE="labelapp.settings")
    with EmbeddedServers(FOLDER):
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
        yield env


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Whole run against bare forward passes.")
    parser.add_argument("--pictures", type=int, default=2000)
    main(parser.parse_args().pictures)
