import pkgutil
import subprocess
import sys
from pathlib import Path

import model_hooks

TRAINING = {f"model_hooks.training.embedder_{part}" for part in ("augment", "batches", "net")}
"""Nets in training, which are imported by the commands that train only."""
HEAVY = ("torch", "transformers", "onnxruntime", "django", "celery")


def test_importing_every_module_loads_no_model_library() -> None:
    modules = [
        module.name
        for module in pkgutil.walk_packages(model_hooks.__path__, "model_hooks.")
        if not module.name.endswith("__main__") and module.name not in TRAINING
    ]
    assert len(modules) > 15
    program = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    root = Path(model_hooks.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_verifying_a_folder_loads_no_model_library(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from model_hooks.registry import check
from tests.model_hooks.folders import write_detector, write_embedder
for write in (write_detector, write_embedder):
    check(write(Path({str(tmp_path)!r})), {{"chairs", "sofas"}})
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    root = Path(model_hooks.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
