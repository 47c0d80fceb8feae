import json
from pathlib import Path

import pytest

from evaluator.agreement import alpha_interval, consistency, gwet_ac
from evaluator.intervals import wilson
from tests.evaluator.desk import Desk

HEAD = "item,labeler,label\n"
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units.
UNITS = ["111.", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", "..3."]
COUNTS = [[unit.count(value) for value in "12345"] for unit in UNITS]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk("agreement", tmp_path, capsys)


@pytest.fixture
def units(desk: Desk) -> str:
    rows = [
        f"{unit},{observer},{'' if value == '.' else value}\n"
        for unit, values in enumerate(UNITS)
        for observer, value in enumerate(values)
    ]
    return desk.file("labels.csv", HEAD + "".join(rows))


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_published_alphas_come_out_at_each_level(desk: Desk, units: str, level: str, alpha: float) -> None:
    assert round(desk.figures(units, "--level", level)["alpha"]["value"], 3) == alpha
    assert f"alpha, {level} " in desk.text(units, "--level", level)


def test_the_figures_are_those_of_the_package(desk: Desk, units: str) -> None:
    figures = desk.figures(units)
    assert figures["consistency"] == consistency(COUNTS).as_dict()
    assert figures["alpha"] == alpha_interval(COUNTS).as_dict()
    assert figures["gwet_ac"] == gwet_ac(COUNTS)
    assert (figures["labels"], figures["without_label"], len(figures["labelers"])) == (41, 7, 4)
    assert desk.figures(units, "--level", "ordinal")["gwet_ac"] == gwet_ac(COUNTS, weights="linear")


def test_the_text_has_percent_interval_and_n(desk: Desk, units: str) -> None:
    printed = desk.text(units)
    assert "41 labels on 12 items by 4 labelers: 1, 2, 3, 4, 5\n" in printed
    assert "  Consistency, mean share of the most common answer   88.6 % (" in printed
    assert "  Left out: 7 rows without a label.\n" in printed


def test_names_need_their_order_for_ordinal_alpha(desk: Desk, units: str) -> None:
    names = dict(zip("12345.", ["one", "two", "three", "four", "five", ""], strict=True))
    rows = [
        f"{unit},{observer},{names[value]}\n"
        for unit, values in enumerate(UNITS)
        for observer, value in enumerate(values)
    ]
    path = desk.file("named.csv", HEAD + "".join(rows))
    order = ["--level", "ordinal", "--order", "ONE, two,three,four,five,six"]
    assert round(desk.figures(path, *order)["alpha"]["value"], 3) == 0.815
    assert desk.refusal(path, "--level", "ordinal") == (
        "named.csv, line 2, column label: found 'one', expected a number, since the level is ordinal; "
        "for names give their order, lowest first: --order low,middle,high"
    )
    assert desk.refusal(path, "--level", "ordinal", "--order", "one,two,three") == (
        "named.csv, line 25, column label: found 'four', expected one of one, two, three as in --order"
    )
    assert desk.refusal(path, "--order", "one,,two") == (
        "--order: expected different labels divided by commas, found 'one,,two'"
    )
    assert desk.refusal(path, "--order", "one,two,One").startswith("--order: expected different labels")
    for level in ("nominal", "ratio"):
        assert desk.refusal(path, "--level", level, "--order", "one") == (
            f"--order: makes the level ordinal, found --level {level}"
        )
    assert desk.figures(path, *order) == desk.figures(path, *order[2:])


def test_accuracy_stands_beside_agreement_where_the_truth_is_known(desk: Desk) -> None:
    labels = desk.file("labels.csv", f"{HEAD}a,ada,1\na,bo,1\na,cy,2\nb,ada,2\nb,bo,1.0\nc,ada,1\nd,dee,1\n")
    truth = desk.file("truth.csv", "item,truth\na,1.0\na,1\nb,3\nunseen,2\nc,\n")
    figures = desk.figures(labels, truth)
    accuracy = {row["labeler"]: row["accuracy"] for row in figures["labelers"]}
    assert accuracy["ada"] == wilson(1, 2).as_dict()
    assert accuracy["cy"] == wilson(0, 1).as_dict()
    assert accuracy["dee"]["reason"] == "no label on an item with a known truth"
    assert figures["majority_accuracy"] == wilson(1, 2).as_dict()
    assert figures["accuracy_pooled"] == 2 / 5
    assert figures["accuracy_mean"] == (1 / 2 + 1 / 2 + 0) / 3
    assert "  Majority answers that are right, a tie is not   50.0 % (" in desk.text(labels, truth)


def test_nobody_to_agree_with_is_undefined_with_reasons(desk: Desk) -> None:
    labels = desk.file("labels.csv", f"{HEAD}a,ada,1\nb,bo,1\n")
    truth = desk.file("truth.csv", "item,truth\na,\n")
    figures = desk.figures(labels, truth)
    assert figures["alpha"]["value"] is None
    undefined = figures["undefined"]
    assert undefined["alpha.value"] == undefined["percent_agreement"] == "no item has two labels"
    assert undefined["labelers[0].consistency.value"] == "shares no item with others"
    assert undefined["accuracy_mean"] == "no label on an item with a known truth"
    printed = desk.text(labels, truth)
    assert printed.count("undefined: ") == 10
    assert "\n  ada          -                       -\n" in printed
    assert (
        "\n  - is undefined: shares no item with others, or no label on an item with a known truth.\n"
        in printed
    )


def test_a_truth_of_other_items_or_in_other_words_is_refused(desk: Desk) -> None:
    labels = desk.file("labels.csv", f"{HEAD}a,ada,Similar\na,bo,Not Similar\n")
    strange = desk.file("truth.csv", "item,truth\nc,Similar\n")
    assert desk.refusal(labels, strange) == ("truth.csv, column item: no item of this file is in labels.csv")
    coded = desk.file("truth.csv", "item,truth\na,1\nb,2\n")
    assert desk.refusal(labels, coded) == (
        "truth.csv, column truth: none of its values (1, 2) is a label of labels.csv (Not Similar, Similar)"
    )
    mixed = desk.file("truth.csv", "item,truth\na,Similar\nb,2\nc,Alike\n")
    assert "  Nobody gave these true values as a label: '2', 'Alike'.\n" in desk.text(labels, mixed)


def test_labels_that_differ_only_in_case_are_remarked(desk: Desk) -> None:
    rows = "".join(
        f"{word},ada,{word}\n{word},bo,{word.upper()}\n" for word in ["no", "so", "yes", "perhaps"]
    )
    printed = desk.text(desk.file("labels.csv", HEAD + rows))
    assert "  'NO' and 'no' count as two labels.\n" in printed
    assert "  So it is with 1 more.\n" in printed


def test_equal_labels_leave_alpha_undefined(desk: Desk) -> None:
    labels = desk.file("labels.csv", f"{HEAD}a,ada,1\na,bo,1\nb,ada,1\nb,bo,1\n")
    assert desk.figures(labels)["undefined"]["alpha.value"] == "all labels are equal"


def test_the_order_of_rows_changes_no_figure(desk: Desk, units: str) -> None:
    lines = Path(units).read_text().splitlines()[1:]
    shuffled = desk.file("shuffled.csv", HEAD + "\n".join(lines[::-1]))
    one, other = (desk.figures(path, "--level", "ordinal") for path in (units, shuffled))
    assert one | {"files": []} == other | {"files": []}


def test_wrong_files_are_refused(desk: Desk, units: str) -> None:
    assert desk.refusal(units, units, units) == "FILE: expected labels and perhaps truth, found 3 files"
    assert desk.refusal(desk.file("twice.csv", f"{HEAD}a,ada,1\nb,ada,1\na,ada,2\n")) == (
        "twice.csv, line 4, column labeler: a labeler labels an item once: item 'a', labeler 'ada' "
        "stands on line 2 already"
    )
    assert desk.refusal(desk.file("empty.csv", f"{HEAD}a,ada,\n")) == (
        "empty.csv, column label: no row has a label"
    )
    truth = desk.file("truth.csv", "item,truth\n1,1\n2,1\n1,2\n")
    assert (
        desk.refusal(units, truth) == "truth.csv, line 4, column truth: item '1' has another truth on line 2"
    )
    truth = desk.file("truth.csv", "item,truth\n1,1\n2,high\n")
    assert desk.refusal(units, truth, "--level", "interval") == (
        "truth.csv, line 3, column truth: found 'high', expected a number, since the level is interval"
    )
    assert desk.refusal(units, units) == (
        "labels.csv: has no column truth; its columns are item, labeler, label"
    )
    negative = desk.file("negative.csv", f"{HEAD}a,ada,-1\na,bo,1\n")
    assert desk.refusal(negative, "--level", "ratio").startswith("negative.csv: values[0]: -1 is below 0")


def test_free_text_is_refused_before_it_fills_the_memory(desk: Desk) -> None:
    rows = "".join(f"{number},ada,{number}\n" for number in range(5000))
    assert desk.refusal(desk.file("text.csv", HEAD + rows)) == (
        "text.csv, column label: holds 5000 different labels on 5000 items; expected fewer"
    )


@pytest.mark.real
@pytest.mark.parametrize("crowd", ["bluebird", "dog", "rte"])
def test_known_crowds_come_out(desk: Desk, known_answers: Path, crowd: str) -> None:
    folder = known_answers / f"crowd_{crowd}"
    expected = json.loads((folder / "expected.json").read_text())["recomputed"]
    figures = desk.figures(str(folder / "labels.csv"), str(folder / "truth.csv"))
    assert figures["labels"] == expected["ratings"]
    assert figures["alpha"]["value"] == pytest.approx(expected["alpha"]["nominal"], abs=1e-4)
    assert figures["consistency"]["value"] == pytest.approx(expected["item_consistency_2_or_more"], abs=1e-4)
    assert figures["majority_accuracy"]["value"] == pytest.approx(expected["mv_strict_acc"], abs=1e-4)
    assert figures["accuracy_pooled"] == pytest.approx(expected["rating_accuracy_vs_gold"], abs=1e-4)
    assert figures["accuracy_mean"] == pytest.approx(expected["mean_worker_accuracy"], abs=1e-4)
