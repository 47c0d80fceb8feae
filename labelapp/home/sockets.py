"""Where the embedded servers listen: pure functions of the data folder, so that every process agrees."""

import hashlib
import os
import tempfile
from pathlib import Path

# The kernel's limit is 108 bytes with the closing zero on Linux and 104 on macOS.
LONGEST_SOCKET_PATH = 103
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"


def socket_dir(data_dir: Path | str) -> Path:
    """Return the sockets' folder: in the data folder, or in the temporary folder when that is too deep."""
    data = Path(data_dir).resolve()
    folder = data / "run"
    if len(os.fsencode(folder / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"labelapp-{digest}"
