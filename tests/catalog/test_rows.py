"""Reading rows of CSV, JSONL and Parquet."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.rows import LONGEST_LINE, Row, count_rows, read_headings, read_rows

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def written(folder: Path, content: str | bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(path: Path) -> list[str]:
    return [row.problem for row in read_rows(path)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_whatever_separates_its_fields(tmp_path: Path, delimiter: str) -> None:
    content = delimiter.join(["file", "title"]) + "\n" + delimiter.join(["a.jpg", "Red, long; nice"]) + "\n"
    quoted = content.replace("Red, long; nice", '"Red, long; nice"')
    assert list(read_rows(written(tmp_path, quoted))) == [
        Row(2, {"file": "a.jpg", "title": "Red, long; nice"})
    ]


def test_the_mark_of_excel_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbffile,title\r\na.jpg,Vas\xc3\xa9\r\n")
    assert list(read_rows(path)) == [Row(2, {"file": "a.jpg", "title": "Vas\u00e9"})]


def test_one_bad_row_does_not_end_the_file(tmp_path: Path) -> None:
    huge = "x" * 200_000
    path = written(
        tmp_path, f"file,title\na,1\nb\nc,2,3\nd,{huge}\ne,5\n".encode() + b"f,\xff\ng,a\0b\nh,8\n"
    )
    assert problems(path) == [
        "",
        "The row has 1 fields, but the first line names 2 columns.",
        "The row has 3 fields, but the first line names 2 columns.",
        "The row cannot be read as CSV: field larger than field limit (131072).",
        "",
        "The row holds bytes that are not UTF-8; save the file in UTF-8.",
        "The row holds a NUL character; remove it.",
        "",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfef\0i\0l\0e\0\n\0", "not UTF-8"),
        (b"file,title,file\n", "'file' stands twice"),
    ],
)
def test_a_first_line_that_names_no_columns_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        read_headings(written(tmp_path, content))


def test_jsonl_keeps_nested_values_and_sets_bad_lines_aside(tmp_path: Path) -> None:
    lines = [
        '{"file": "a.jpg", "colors": ["red", {"hex": "f00"}]}',
        "[1, 2]",
        "{broken",
        '{"file": "b.jpg", "score": NaN}',
        '{"file": "c.jpg", "title": "a\\u0000b"}',
        '{"file": "d.jpg", "title": "\\ud800"}',
        "[" * 100_000,
        "",
        json.dumps({"file": "x" * LONGEST_LINE}),
        '{"file": "e.jpg"}',
    ]
    rows = list(read_rows(written(tmp_path, "\n".join(lines), "rows.jsonl")))
    assert rows[0] == Row(1, {"file": "a.jpg", "colors": ["red", {"hex": "f00"}]})
    assert [(row.line, row.problem.split(";")[0]) for row in rows[1:]] == [
        (2, 'The line is not a JSON object such as {"file": "a.jpg"}.'),
        (3, "The line is not valid JSON in UTF-8."),
        (4, "The line is not valid JSON in UTF-8."),
        (5, "The row holds a NUL character"),
        (6, "The row holds bytes that are not UTF-8"),
        (7, "The line is not valid JSON in UTF-8."),
        (9, "The line is longer than 1,000,000 bytes."),
        (10, ""),
    ]
    assert read_headings(tmp_path / "rows.jsonl") == ["file", "colors", "title"]


def test_parquet_is_read_with_what_json_cannot_hold_made_plain(tmp_path: Path) -> None:
    table = pa.table({"file": ["a.jpg", "b.jpg"], "price": [1.5, float("nan")], "raw": [b"12", None]})
    pq.write_table(table, tmp_path / "rows.parquet")
    assert list(read_rows(tmp_path / "rows.parquet")) == [
        Row(1, {"file": "a.jpg", "price": 1.5, "raw": "(2 bytes)"}),
        Row(2, {"file": "b.jpg", "price": None, "raw": None}),
    ]
    assert read_headings(tmp_path / "rows.parquet") == ["file", "price", "raw"]
    assert count_rows(tmp_path / "rows.parquet") == 2


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="not readable as Parquet"):
        list(read_rows(written(tmp_path, b"PAR1 rubbish PAR1", "rows.parquet")))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"rows\.xlsx does not end in one of \.csv"):
        read_rows(written(tmp_path, b"", "rows.xlsx"))


def test_counting_rows_leaves_the_first_line_out(tmp_path: Path) -> None:
    assert count_rows(written(tmp_path, "file\na\nb\n")) == 2
    assert count_rows(written(tmp_path, "{}\n{}\n", "rows.jsonl")) == 2


@given(st.lists(st.tuples(plain_text.filter(str.strip), plain_text), max_size=10))
def test_what_python_writes_as_csv_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([("file", "title"), *pairs])
    path = written(tmp_path_factory.mktemp("csv"), out.getvalue())
    assert [tuple(row.values.values()) for row in read_rows(path)] == pairs


@given(
    st.dictionaries(plain_text, st.recursive(st.none() | st.booleans() | plain_text, st.lists), max_size=5)
)
def test_what_python_writes_as_json_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    path = written(tmp_path_factory.mktemp("json"), json.dumps(values), "rows.jsonl")
    assert list(read_rows(path)) == [Row(1, values)]


@given(st.binary(max_size=400), st.sampled_from(["rows.csv", "rows.jsonl", "rows.parquet"]))
def test_whatever_the_bytes_each_row_can_be_stored_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, name: str
) -> None:
    path = written(tmp_path_factory.mktemp("noise"), b"file,title\n" + noise, name)
    try:
        rows = list(read_rows(path))
    except ImportRefused:
        rows = []
    for row in rows:
        stored = json.dumps(row.values, ensure_ascii=False, allow_nan=False)
        assert "\\u0000" not in stored
        assert stored.encode()
