"""Nothing at run time is under the GPL or AGPL; the LGPL of psycopg is fine."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "labelapp" / "static" / "vendor"
# GPL and AGPL, not LGPL; the full name of the LGPL has "Lesser" or "Library" in front of the words.
STRONG_COPYLEFT = re.compile(
    r"\bA?GPL|(?<!lesser )(?<!library )(?<!library or lesser )\b(affero )?general public license",
    re.IGNORECASE,
)


def locked_names() -> Iterator[str]:
    for line in (ROOT / "requirements" / "lock.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.partition("==")[0]


def said_licence(package: Distribution) -> str:
    classifiers = [
        line for line in package.metadata.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    expression = _field(package, "License-Expression")
    # The old free field may hold a whole licence text; its first line names it.
    free = _field(package, "License").strip().split("\n", 1)[0]
    return expression or "; ".join([*classifiers, free]).strip("; ")


def _field(package: Distribution, name: str) -> str:
    return str((package.metadata.get_all(name) or [""])[0])


@pytest.mark.parametrize("name", sorted(locked_names()))
def test_a_locked_package_is_not_under_a_strong_copyleft_licence(name: str) -> None:
    try:
        licence = said_licence(distribution(name))
    except PackageNotFoundError:
        pytest.fail(f"{name} is locked but not installed: run `make test`, which installs it.")
    assert licence, f"{name} does not say its licence"
    assert not STRONG_COPYLEFT.search(licence), f"{name} is under {licence}"


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GNU Library or Lesser General Public License (LGPL)", False),
        ("MIT OR Apache-2.0", False),
    ],
)
def test_strong_copyleft_is_told_from_weak(licence: str, *, refused: bool) -> None:
    assert bool(STRONG_COPYLEFT.search(licence)) == refused


def test_the_browser_packages_are_permissive() -> None:
    for package in (
        package for file in VENDOR.glob("vendor.json") for package in json.loads(file.read_text())
    ):
        assert package["licence"] in {"0BSD", "MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}, (
            package
        )
