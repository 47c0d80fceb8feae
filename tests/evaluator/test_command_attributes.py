from pathlib import Path

import pytest

from evaluator.intervals import wilson
from tests.evaluator.desk import Desk

HEAD = "attribute,truth,predicted\n"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk("attributes", tmp_path, capsys)


@pytest.fixture
def shown(desk: Desk) -> str:
    """Pattern of table 6 of Shop The Look, 0.949, on 1,000 rows."""
    rows = ["P,striped,striped\n"] * 949 + ["P,striped,plain\n"] * 51 + ["Q,,a\n", "Q,-1,a\n"]
    return desk.file("attributes.csv", HEAD + "".join(rows))


def test_the_figures_are_those_of_the_package(desk: Desk, shown: str) -> None:
    figures = desk.figures(shown)["attributes"]
    assert figures["P"]["precision"] == wilson(949, 1000).as_dict()
    assert figures["P"]["values"] == ["striped"]
    assert figures["P"]["confusion"] == [[949, 51]]
    assert figures["Q"]["precision"]["value"] is None
    assert figures["Q"]["not_applicable"] == 2


def test_the_table_has_percent_interval_and_n(desk: Desk, shown: str) -> None:
    printed = desk.text(shown)
    assert "  P           94.9 % (93.4 to 96.1), n = 1000 rows  0               none\n" in printed
    assert "  Q              -                                  2               none\n" in printed
    assert "\n  - is undefined: no row with a kept value.\n" in printed
    assert "  striped   94.9 % (93.4 to 96.1), n = 1000 rows  another value 51\n" in printed


def test_rare_values_are_dropped_and_listed_when_asked(desk: Desk) -> None:
    path = desk.file("attributes.csv", f"{HEAD}color,red,red\ncolor,red,red\ncolor,blue,blue\n")
    assert desk.figures(path)["attributes"]["color"]["precision"]["n"] == 3
    dropped = desk.figures(path, "--min-count", "2")["attributes"]["color"]
    assert (dropped["precision"]["n"], dropped["dropped"]) == (2, {"blue": 1})


def test_no_prediction_is_told_from_another_value(desk: Desk) -> None:
    path = desk.file("attributes.csv", f"{HEAD}color,red,\ncolor,red,-1\ncolor,red,pink\n")
    assert "  no prediction 2, another value 1\n" in desk.text(path)
    color = desk.figures(path)["attributes"]["color"]
    assert (color["confusion"], color["without_prediction"]) == ([[0, 3]], [2])


def test_json_keeps_letters_and_gives_each_array_of_numbers_one_line(desk: Desk) -> None:
    path = desk.file("attributes.csv", f"{HEAD}color,écru,écru\ncolor,[1; 2],\n")
    printed = desk.text(path, "--json")
    assert '"[1; 2]",\n        "écru"\n' in printed
    assert '"confusion": [\n        [0, 0, 1],\n        [0, 1, 0]\n' in printed


def test_names_that_differ_only_in_case_are_remarked(desk: Desk) -> None:
    printed = desk.text(desk.file("attributes.csv", f"{HEAD}color,red,Red\nColor,RED,RED\n"))
    assert "  'Color' and 'color' count as two attributes.\n" in printed
    assert "  'Red' and 'red' count as two values of color.\n" in printed
    assert "values of Color" not in printed


def test_wrong_files_are_refused(desk: Desk, shown: str) -> None:
    assert desk.refusal(shown, shown) == "FILE: expected one file, found 2"
    assert desk.refusal(desk.file("a.csv", f"{HEAD}P,a,a\n,a,a\n")) == (
        "a.csv, line 3, column attribute: found nothing, expected the name of an attribute"
    )
    assert desk.refusal(desk.file("a.csv", "attribute,truth\nP,a\n")) == (
        "a.csv: has no column predicted; its columns are attribute, truth"
    )
    assert desk.refusal(shown, "--min-count", "0").startswith("--min-count: 0 is not")
