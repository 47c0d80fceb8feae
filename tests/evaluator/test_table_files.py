from pathlib import Path

import numpy as np
import pytest

from evaluator.command.table_files import Column, TableFile, row_keys
from evaluator.file_error import FileError


def table(tmp_path: Path, content: bytes | str) -> TableFile:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return TableFile(path)


def refusal(tmp_path: Path, content: bytes | str, *columns: str) -> str:
    with pytest.raises(FileError) as caught:
        table(tmp_path, content).read(*columns)
    return str(caught.value).removeprefix(str(tmp_path / "table.csv"))


@pytest.mark.parametrize(
    "content",
    [
        "item,label\nb,2\na,1\nb,2\n",
        "item\tlabel\nb\t2\na\t1\nb\t2\n",
        "label;item\n2;b\n1;a\n2;b\n",
        ' Item , LABEL \r\n b ,2\r\na," 1"\r\nb,2',
        "item,label,note\nb,2,x\na,1,y\nb,2,z\n",
        "\n\nitem,label\n\nb,2\n,\na,1\n\n\nb,2\n\n",
        b"\xef\xbb\xbfitem,label\nb,2\na,1\nb,2\n",
        "item,label\rb,2\ra,1\rb,2\r",
        "sep=,\nitem,label\nb,2\na,1\nb,2\n",
        '"sep=;"\r\nitem;label\r\nb;2\r\na;1\r\nb;2\r\n',
        "item,label,,\nb,2,,\na,1,, \nb,2,,\n",
        "\nitem;label\nb;2\na;1\nb;2\n",
    ],
)
def test_cells_are_numbered_in_sorted_order_whatever_the_dialect(
    tmp_path: Path, content: bytes | str
) -> None:
    found = table(tmp_path, content).read("item", "label")
    assert (found["item"].names, found["item"].codes.tolist()) == (["a", "b"], [1, 0, 1])
    assert (found["label"].names, found["label"].codes.tolist()) == (["1", "2"], [1, 0, 1])


def test_a_line_that_names_the_divider_counts_as_a_line(tmp_path: Path) -> None:
    assert table(tmp_path, "sep=;\nitem;label\na;1\n").read("item").lines.tolist() == [3]
    assert refusal(tmp_path, "sep=;\nitem;item\n", "item").startswith(", line 2, column item: two columns")


def test_ids_that_look_alike_are_alike(tmp_path: Path) -> None:
    found = table(tmp_path, "item\nKu\u0308che\nK\u00fcche\n").read("item")
    assert found["item"].names == ["K\u00fcche"]


def test_a_decimal_comma_is_a_point(tmp_path: Path) -> None:
    found = table(tmp_path, "item;label\na;1,0\nb;1.0\n").read("item", "label")
    assert found.numbers("label", {"1.0": 7}, "one").tolist() == [7, 7]


def test_columns_may_go_by_the_names_that_other_programs_use(tmp_path: Path) -> None:
    assert table(tmp_path, "item,worker\n1,w\n").header == ["item", "labeler"]
    assert table(tmp_path, "labeler,worker\n1,w\n").header == ["labeler", "worker"]


def test_an_optional_column_may_be_missing(tmp_path: Path) -> None:
    found = table(tmp_path, "item,label\na,1\n").read("item", optional=["label", "system"])
    assert "label" in found
    assert "system" not in found


def test_cells_over_several_lines_keep_the_count_of_lines_right(tmp_path: Path) -> None:
    found = table(tmp_path, 'item,label\n"two\nlines",1\n\nb,2\n').read("item", "label")
    assert found.lines.tolist() == [2, 5]
    with pytest.raises(FileError, match=r"line 2, column item: found 'two\\nlines', expected better"):
        found.refuse(np.array([True, True]), "item", "better")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", ": is empty, expected a first line with the names of the columns"),
        ("\n \n", ": is empty, expected a first line with the names of the columns"),
        ("sep=,\n", ": is empty, expected a first line with the names of the columns"),
        ("item,item\n1,2\n", ", line 1, column item: two columns have this name"),
        ("item\n1\n", ": has no column label; its columns are item"),
        ("id,name\n1,2\n", ": has no columns item, label; its columns are id, name"),
        (" ,1\n", ": has no columns item, label; its columns are , 1"),
        ("item,label\na,1\n ,2\n", ", line 3, column item: found nothing, expected the id of an item"),
        ("item,label\n", ": has no rows below the names of the columns"),
        ("item,label\n1,2\n1\n", ", line 3: found 1 fields, expected 2 as in the first line"),
        ("item,label\n1,2\n\n1,2,3\n", ", line 4: found 3 fields, expected 2 as in the first line"),
        (
            'item,label\n1,2\n"1,2\n1,2\n',
            ", line 3: its quotes or its length are wrong (unexpected end of data)",
        ),
        ('item,label\n1,"2"2\n', ", line 2: its quotes or its length are wrong (',' expected after '\"')"),
        (b"item,label\n1,\xff\n", ", line 2: is not UTF-8 text; save it as UTF-8"),
        ("item,label\n1,2\n1,\0\n", ", line 3: is not text: it holds a zero byte"),
        ("item,label\n".encode("utf-16"), ": is UTF-16 text; save it as UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_column(
    tmp_path: Path, content: bytes | str, complaint: str
) -> None:
    assert refusal(tmp_path, content, "item", "label") == complaint


def test_a_cell_too_long_for_csv_is_refused(tmp_path: Path) -> None:
    assert "line 2: its quotes or its length are wrong (field larger" in refusal(
        tmp_path, f"item,label\n1,{'x' * 200_000}\n", "item", "label"
    )


def test_a_folder_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder, expected a file"):
        TableFile(tmp_path)
    with pytest.raises(FileError, match=r"cannot be read \(embedded null byte\)"):
        TableFile(tmp_path / "a\0b")


def test_a_repeated_row_names_both_lines(tmp_path: Path) -> None:
    found = table(tmp_path, "item,labeler\na,1\nb,1\na,2\nb,1\na,1\n").read("item", "labeler")
    expected = r"line 5, column labeler: once only: item 'b', labeler '1' stands on line 3 already"
    with pytest.raises(FileError, match=expected):
        found.refuse_repeats(["item", "labeler"], "once only")


def test_keys_of_rows_do_not_overflow() -> None:
    codes = np.array([0, 1, 0, 2])
    columns = [Column([""] * 2_000_000, codes)] * 5
    keys = row_keys(columns)
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3
