import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.command import line as command_line
from evaluator.command.line import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def archive() -> bytes:
    """Return a file of two codes with their products."""
    file = BytesIO()
    np.savez(file, codes=np.array([[0], [255]], np.uint8), products=["a", "b"])
    return file.getvalue()


JUDGED = "scene,query_object,rank,grade\nhall,lamp,1,4\nhall,lamp,2,1\nporch,chair,1,3\n"
LABELS = b"item,labeler,label\na,1,x\na,2,y\nb,1,x\nb,2,x\n"
# The first word of a key is the command.
FILES = {
    "relevance": {"judged.csv": JUDGED.encode()},
    "relevance of an export": {
        "candidates.csv": b"system,scene,query_object,rank,crop_hash,product_image\nold,hall,q,1,c,i\n",
        "judgements.csv": b"crop_hash,product_image,label,grade,origin,guide,guide_version,question_version\n"
        b"c,i,l1,4,human,g,1,1\nc,i,l2,4,human,g,1,1\n",
    },
    "relevance of TREC files": {"a.qrels": b"q 0 p 2\nq 0 o 1\n", "a.run": b"q Q0 p 1 0.9 old\n"},
    "agreement": {"labels.csv": LABELS},
    "agreement with the truth": {"labels.csv": LABELS, "truth.csv": b"item,truth\na,x\nb,y\n"},
    "detection": {
        "truth.json": b'{"images": [{"id": 1}], "categories": [{"id": 7}], "annotations": ['
        b'{"image_id": 1, "category_id": 7, "bbox": [10, 10, 50, 80]}]}',
        "found.json": b'[{"image_id": 1, "category_id": 7, "bbox": [12, 11, 50, 80], "score": 0.9}]',
    },
    "retrieval": {"queries.npz": archive(), "corpus.npz": archive()},
    "attributes": {"attributes.csv": b"attribute,truth,predicted\ncolor,red,red\ncolor,blue,\n"},
}


def program(*arguments: str, encoding: str = "utf-8") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "evaluator", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )


@pytest.fixture
def judged(tmp_path: Path) -> str:
    path = tmp_path / "judged.csv"
    path.write_text(JUDGED)
    return str(path)


def test_the_program_prints_figures_and_ends_with_status_0(judged: str) -> None:
    done = program("relevance", judged)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Similar P@5" in done.stdout


def test_json_tells_which_command_and_files_it_comes_from(
    judged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["relevance", judged, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["command"], printed["files"]) == ("relevance", [judged])


def test_the_text_ends_with_what_brackets_mean_where_there_are_any(
    judged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["relevance", judged]) == 0
    assert capsys.readouterr().out.endswith(" %\n\nIn brackets: 95 % intervals.\n")
    Path(judged).write_text("scene,query_object,rank,grade\nhall,lamp,1,\n")
    assert main(["relevance", judged]) == 0
    assert "In brackets" not in capsys.readouterr().out


def test_a_wrong_file_is_one_line_on_stderr_and_status_2(tmp_path: Path) -> None:
    done = program("relevance", str(tmp_path / "nowhere.csv"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"evaluator: {tmp_path}/nowhere.csv: there is no such file\n"


def test_names_that_the_terminal_cannot_show_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "Küche.csv"
    path.write_text(JUDGED)
    done = program("relevance", str(path), encoding="ascii")
    assert done.returncode == 0
    assert rb"K\xfcche" in done.stdout


@pytest.mark.parametrize("arguments", [["relevance", "--json"], ["relevance", "--help"], ["--help"]])
def test_a_reader_who_leaves_early_sees_no_complaint(arguments: list[str], judged: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "evaluator", *arguments, *([judged] if "--json" in arguments else [])]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(judged: str) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "evaluator", "relevance", judged]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 74
    assert done.stderr == b"evaluator: the output cannot be written (No space left on device)\n"


def test_an_interrupted_program_leaves_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "never.csv"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "evaluator", "relevance", str(pipe)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # The program has opened the file once our end opens.
    with pipe.open("w"):
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=60) == (b"", b"")
    assert running.returncode == -signal.SIGINT


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_help_describes_the_files_and_shows_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert "example" in printed
    assert f"\n  python -m evaluator {name} " in printed
    assert max(map(len, printed.splitlines())) <= 110


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n    {command.name}" in printed for command in COMMANDS)
    assert all(command.summary in printed for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "python -m evaluator: the following arguments are required: COMMAND"),
        (["relevance"], "python -m evaluator relevance: the following arguments are required: FILE"),
        (["relevance", "a.csv", "--draws", "x"], "argument --draws: expected a whole number of at least 100"),
        (
            ["relevance", "a.csv", "--draws", "99"],
            "argument --draws: expected a whole number of at least 100",
        ),
        (["relevance", "a.csv", "--seed", "-1"], "--seed: expected a whole number of at least 0, found '-1'"),
        (["relevance", "a.csv", "--origin", "robot"], "argument --origin: invalid choice: 'robot'"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert complaint in printed.err
    assert printed.err.count("\n") == 1


def test_a_fault_of_the_program_is_one_line_too(
    judged: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(command_line, "_write", fail)
    assert main(["relevance", judged]) == 70
    expected = r"a fault of this program, please report it (ZeroDivisionError: two\nlines)"
    assert capsys.readouterr().err == f"evaluator: {expected}\n"


def test_too_little_memory_is_one_line(
    judged: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(command_line, "_write", fail)
    assert main(["relevance", judged]) == 2
    assert capsys.readouterr().err == "evaluator: this machine has not memory enough for these files\n"


def nearly(content: bytes) -> st.SearchStrategy[bytes]:
    """Bytes that are, nearly are, or are not at all a file of the kind of `content`."""
    cut = st.integers(0, len(content))
    junk = st.binary(max_size=20) | st.text(max_size=5).map(str.encode)
    spoiled = st.builds(lambda at, to, new: content[:at] + new + content[to:], cut, cut, junk)
    return st.just(content) | spoiled | st.binary(max_size=200) | st.text(max_size=100).map(str.encode)


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_of_files_gives_figures(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in FILES[kind].items():
        (tmp_path / name).write_bytes(content)
    assert main([kind.split(maxsplit=1)[0], *(str(tmp_path / name) for name in FILES[kind])]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_file_whatever_makes_a_traceback(kind: str, data: st.DataObject) -> None:
    command = kind.split(maxsplit=1)[0]
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in FILES[kind]]
        for path in paths:
            path.write_bytes(data.draw(nearly(FILES[kind][path.name])))
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            status = main([command, *map(str, paths), *data.draw(st.sampled_from([[], ["--json"]]))])
    assert status in {0, 2}, err.getvalue()
    assert (status == 0) == bool(out.getvalue()) == (not err.getvalue())
    assert err.getvalue().count("\n") <= 1
