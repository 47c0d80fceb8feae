import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from importlib import import_module
from pathlib import Path
for file in Path("evaluator").glob("*.py"):
    import_module("evaluator" if file.stem == "__init__" else f"evaluator.{file.stem}")
heavy = {"django", "torch", "celery", "labelapp", "model_hooks"}
heavy |= {"scipy", "pandas", "sklearn", "statsmodels", "matplotlib", "faiss"}
print(sorted(heavy & set(sys.modules)))
"""


def test_importing_the_whole_package_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
