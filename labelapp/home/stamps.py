"""Whether something has changed since it was last worked off."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelapp.home.children import ROOT


@contextmanager
def unless_unchanged(stamp: Path, state: str) -> Iterator[bool]:
    """Tell whether the state differs from the last one that was worked off without an error."""
    wanted = hashlib.sha256(state.encode()).hexdigest()
    yield not stamp.exists() or stamp.read_text() != wanted
    if stamp.parent.is_dir():
        stamp.write_text(wanted)


def code_state() -> str:
    files = [
        path for path in (ROOT / "labelapp").rglob("*") if path.suffix in {".py", ".md", ".json", ".csv"}
    ]
    return " ".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files))


def static_state() -> str:
    files = [*ROOT.glob("labelapp/**/static/**/*"), *ROOT.glob("requirements/*.txt")]
    return " ".join(f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in sorted(files))
