"""What is wrong with a file that somebody gave to the command line, in one line."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from evaluator.errors import EvaluationError


class FileError(EvaluationError):
    """A file that is not what it should be: which one, where in it, what was expected.

    Parameters
    ----------
    path : Path
        The file.
    problem : str
        What is wrong with it and what is expected.
    line : int, optional
        First offending line, counted from 1; 0 for none.
    column : str, optional
        Name of the offending column.

    Examples
    --------
    >>> print(FileError(Path("a.csv"), "found '7', expected a grade", line=12, column="grade"))
    a.csv, line 12, column grade: found '7', expected a grade
    """

    def __init__(self, path: Path, problem: str, *, line: int = 0, column: str = "") -> None:
        cell = (f"line {line}" if line else "", f"column {column}" if column else "")
        place = (shown(str(path), most=1000), *cell)
        super().__init__(", ".join(part for part in place if part), problem)


@contextmanager
def named(files: Mapping[str, Path]) -> Iterator[None]:
    """Turn an error about an argument whose name starts like a key into one about that key's file."""
    try:
        yield
    except EvaluationError as error:
        for argument, path in files.items():
            if error.argument.startswith(argument):
                raise FileError(path, str(error)) from None
        raise


def bytes_of(path: Path) -> bytes:
    """Return what is in a file, or raise the `FileError` that tells why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(path, "there is no such file") from None
    except IsADirectoryError:
        raise FileError(path, "is a folder, expected a file") from None
    except (OSError, ValueError) as error:
        raise FileError(path, f"cannot be read ({shown(str(error))})") from None


def text_of(path: Path) -> str:
    """Return the text in a UTF-8 file, with or without a byte order mark."""
    content = bytes_of(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise FileError(path, "is UTF-16 text; save it as UTF-8") from None
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(path, "is not UTF-8 text; save it as UTF-8", line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileError(path, "is not text: it holds a zero byte", line=line)
    return text


def shown(text: str, *, most: int = 60) -> str:
    """Return text for the middle of a line: shortened, and escaped where it would break the line."""
    short = text if len(text) <= most else f"{text[: most - 3]}..."
    return short if short.isprintable() else ascii(short)[1:-1]


def quoted(text: str) -> str:
    """Return text in quotes, so that white space and emptiness can be seen."""
    return f"'{shown(text)}'" if text else "nothing"
