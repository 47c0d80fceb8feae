import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import pkgutil
import sys
from importlib import import_module
import evaluator
for found in pkgutil.walk_packages(evaluator.__path__, "evaluator."):
    import_module(found.name)
heavy = {"django", "torch", "celery", "scipy", "pandas", "sklearn", "statsmodels", "faiss", "matplotlib"}
ours = {"labelapp", "model_hooks"}
print(sorted((heavy | ours) & set(sys.modules)))
"""


def test_importing_the_whole_package_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
