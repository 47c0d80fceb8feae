"""Files of packed binary codes with the products they belong to, as numpy saves them."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.file_error import FileError, bytes_of, text_of

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class CodeFile:
    """What a file of codes holds.

    Attributes
    ----------
    codes : ndarray of uint8, shape (codes, bytes)
        Packed bits.
    products : list of sets of str
        The right products of each code; empty where the file is read without products.
    """

    codes: npt.NDArray[np.uint8]
    products: list[set[str]]


def read_codes(path: Path, *, with_products: bool) -> CodeFile:
    """Return what is in a file of codes.

    Parameters
    ----------
    path : Path
        An `.npz` file with the arrays `codes`, uint8 (codes, bytes) or bool (codes, bits), and `products`,
        (codes,) or, for several right ones each, (codes, most) filled up with empty text. Or an `.npy` file
        of codes, with a text file of the same name ending in `.txt` beside it: one line per code, several
        products in a line divided by tabs.
    with_products : bool
        Whether they are needed; distractors have none.

    Raises
    ------
    FileError
        If the file is something else.
    """
    content = _loaded(path)
    separate = isinstance(content, np.ndarray)
    codes = _packed(path, content if separate else _member(path, content, "codes"))
    if not with_products:
        return CodeFile(codes, [])
    source = path.with_suffix(".txt") if separate else path
    if not source.exists():
        raise FileError(path, f"expected its products in a file {source.name} beside it, found none")
    products = _lines(source) if separate else _sets(path, _member(path, content, "products"))
    if len(products) != len(codes):
        raise FileError(
            source, f"holds the products of {len(products)} codes, expected those of {len(codes)}"
        )
    return CodeFile(codes, products)


def refuse_unpacked(paths: Sequence[Path], codes: Sequence[npt.NDArray[np.uint8]]) -> None:
    """Refuse codes, one array for each path, that have a byte for each bit where others are packed."""
    least = min(each.shape[1] for each in codes)
    for path, each in zip(paths, codes, strict=True):
        width = each.shape[1]
        if least and width == 8 * least and each.size and each.max() <= 1:
            problem = f"holds {width} bytes per code, only 0 and 1, beside packed codes of {least}"
            raise FileError(path, f"{problem}; see numpy.packbits")


def _loaded(path: Path) -> Any:
    """Return the array of an `.npy` file, or a dict of the arrays of an `.npz` file."""
    content = bytes_of(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = np.load(io.BytesIO(content), allow_pickle=False)
            return found if isinstance(found, np.ndarray) else {name: found[name] for name in found.files}
    except Exception as error:  # zip, header and number parsers of numpy each raise errors of their own
        if "allow_pickle" in str(error) and content[:2] == b"PK":
            problem = "holds Python objects; save the products as text, np.array(products, dtype=str)"
        else:
            problem = "is no .npz or .npy file of numpy, or is damaged"
        raise FileError(path, problem) from None


def _member(path: Path, content: dict[str, Array], name: str) -> Array:
    if name not in content or not isinstance(content[name], np.ndarray):
        found = ", ".join(sorted(content)) or "none"
        raise FileError(path, f"there is no array {name!r} in it, expected codes and products; found {found}")
    return content[name]


def _packed(path: Path, codes: Array) -> npt.NDArray[np.uint8]:
    if codes.ndim == 2 and codes.dtype == np.bool_:
        return np.packbits(codes, axis=1)
    if codes.ndim != 2 or codes.dtype != np.uint8:
        found = f"found {codes.dtype} of shape {codes.shape}"
        problem = f"expected codes as packed bits, uint8 of shape (codes, bytes), {found}; see numpy.packbits"
        raise FileError(path, problem)
    return codes


def _sets(path: Path, products: Array) -> list[set[str]]:
    if products.ndim not in (1, 2) or products.dtype.kind not in "USiu":
        found = f"found {products.dtype} of shape {products.shape}"
        raise FileError(path, f"expected products as text or whole numbers, one per code, {found}")
    try:
        names = np.atleast_2d(products.astype(np.str_))
    except ValueError:
        raise FileError(path, "expected products as text, found bytes beyond ASCII") from None
    rows = names.T if products.ndim == 1 else names
    return [set(row) - {""} for row in rows.tolist()]


def _lines(path: Path) -> list[set[str]]:
    lines = io.StringIO(text_of(path), newline=None)
    return [{name.strip() for name in line.split("\t")} - {""} for line in lines]
