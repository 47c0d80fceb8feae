import math
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

from evaluator import plots
from evaluator.attributes import attribute_precision_at_1
from evaluator.consensus import dawid_skene
from evaluator.detection import Threshold, best_f1_threshold
from evaluator.errors import EvaluationError
from evaluator.relevance import compare, gain_breakdown, relevance_at_5
from tests.evaluator.figures import HOME, MINUS, lines, rendered, system, texts


@pytest.fixture(scope="module")
def threshold() -> Threshold:
    """Ten pictures with one chair each; eight are found, and four more things that are none."""
    boxes = [[10, 10, 20 + place, 20] for place in range(10)]
    truth = {
        "images": [{"id": place, "width": 100, "height": 100} for place in range(10)],
        "categories": [{"id": 1, "name": "chair"}],
        "annotations": [
            {
                "id": place + 1,
                "image_id": place,
                "category_id": 1,
                "bbox": box,
                "area": box[2] * 20,
                "iscrowd": 0,
            }
            for place, box in enumerate(boxes)
        ],
    }
    right = [(place, boxes[place], 0.9 - 0.05 * place) for place in range(8)]
    wrong = [(place, [60, 60, 10, 10], 0.6 - 0.1 * place) for place in range(4)]
    found = [
        {"image_id": image, "category_id": 1, "bbox": box, "score": score}
        for image, box, score in [*right, *wrong]
    ]
    return best_f1_threshold(truth, found)


@pytest.fixture(scope="module")
def nothing(threshold: Threshold) -> Threshold:
    empty = np.empty(0)
    curve = replace(threshold.curve, score=empty, precision=empty, recall=empty, f1=empty)
    return replace(threshold, score=math.nan, curve=curve, reason="nothing was found")


def test_the_precision_recall_curve_is_the_curve_of_the_threshold(threshold: Threshold) -> None:
    figure = plots.precision_recall_curve(threshold)
    drawn = lines(figure)["all scores, some of them written"]
    assert drawn.get_xdata().tolist() == threshold.curve.recall.tolist()
    assert drawn.get_ydata().tolist() == threshold.curve.precision.tolist()
    (best,) = [line for label, line in lines(figure).items() if label.startswith("best F1")]
    assert (best.get_xdata(), best.get_ydata()) == ([threshold.recall], [threshold.precision])
    assert figure.axes[0].get_title(loc="left") == "Precision and recall, n = 10 objects"
    scores = texts(figure)
    assert 1 <= len(scores) <= 4
    assert {float(score) for score in scores} <= {float(f"{score:.2g}") for score in threshold.curve.score}


def test_the_best_f1_is_written_as_on_the_command_line(threshold: Threshold) -> None:
    percents = " to ".join(f"{100 * end:.1f}" for end in (threshold.interval.low, threshold.interval.high))
    words = f"best F1 {100 * threshold.f1:.1f} % ({percents}, 95 %) from score {threshold.score:.3g} up"
    for figure in (plots.precision_recall_curve(threshold), plots.f1_curve(threshold)):
        (label,) = [label for label in lines(figure) if label.startswith("best F1")]
        assert label.startswith(words)
        assert "chosen on these same images" in label
    single = replace(threshold, score=-2.5, interval=replace(threshold.interval, low=math.nan))
    (label,) = [label for label in lines(plots.f1_curve(single)) if label.startswith("best F1")]
    assert f"% (no interval) from score {MINUS}2.5 up" in label


def test_the_f1_curve_marks_the_chosen_score(threshold: Threshold) -> None:
    figure = plots.f1_curve(threshold, title="Chairs")
    drawn = lines(figure)
    for name, values in (
        ("F1", threshold.curve.f1),
        ("precision", threshold.curve.precision),
        ("recall", threshold.curve.recall),
    ):
        assert drawn[name].get_xdata().tolist() == threshold.curve.score.tolist()
        assert drawn[name].get_ydata().tolist() == values.tolist()
    (best,) = [line for label, line in drawn.items() if label.startswith("best F1")]
    assert (best.get_xdata(), best.get_ydata()) == ([threshold.score], [threshold.f1])
    assert figure.axes[0].get_title(loc="left") == "Chairs, n = 10 objects"


def test_the_bars_of_the_grade_mix_are_the_shares() -> None:
    results = {
        name: relevance_at_5(system(0.6, 0.2, seed), range(40)) for name, seed in (("V1", 1), ("V2", 2))
    }
    axes = plots.grade_mix(results).axes[0]
    widths = np.transpose([[bar.get_width() for bar in bars] for bars in axes.containers])
    shares = [[100 * share for share in result.grade_mix.values()] for result in results.values()]
    assert widths.tolist() == pytest.approx(np.array(shares))
    assert axes.get_title(loc="left") == "Grades of the top five"
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["V1\nn = 200 judged", "V2\nn = 200 judged"]


def test_narrow_parts_have_their_number_beside_the_bar_and_empty_ones_none() -> None:
    grades = np.full((60, 5), 3)
    grades.flat[:12] = 4
    grades.flat[12:18] = 2
    grades.flat[18] = 1
    axes: Any = plots.grade_mix({"V1": relevance_at_5(grades, range(60))}).axes[0]
    written = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert list(written) == ["4", "94", "2", "0.3"]
    bar = axes.containers[1][0]
    assert written["94"] == 0
    assert written["4"] == written["2"] < bar.get_y()
    assert written["0.3"] > bar.get_y() + bar.get_height()
    assert [bars[0].get_visible() for bars in axes.containers] == [True, True, True, True, False]


def test_a_system_without_judgements_says_so_in_the_grade_mix() -> None:
    figure = plots.grade_mix({"V3": relevance_at_5([[-1] * 5] * 3, range(3))})
    assert "no candidate is judged yet" in texts(figure)
    assert rendered(figure)


def test_the_attribute_matrix_shows_its_counts_shaded_by_row() -> None:
    truth = ["red"] * 6 + ["blue"] * 4
    predicted = ["red"] * 5 + ["blue"] * 4 + ["pink"]
    result = attribute_precision_at_1(truth, predicted, ["color"] * 10)["color"]
    axes = plots.attribute_confusion(result, title="Color").axes[0]
    assert [int(text.get_text() or 0) for text in axes.texts] == result.confusion.ravel().tolist()
    assert "0" not in [text.get_text() for text in axes.texts]
    assert axes.get_xlabel() == "predicted value (shade: share of the row)"
    shaded = np.asarray(axes.images[0].get_array())
    assert shaded == pytest.approx(result.confusion / result.confusion.sum(axis=1, keepdims=True))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["blue", "red"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["blue", "red", "other or none"]
    assert axes.get_title(loc="left") == "Color, n = 10 rows"


def test_values_stand_in_natural_order() -> None:
    names = ["size 10", "size 2", "Écru", "blue", "green"]
    result = attribute_precision_at_1(names, names, ["a"] * 5)["a"]
    axes = plots.attribute_confusion(result).axes[0]
    ordered = ["blue", "Écru", "green", "size 2", "size 10"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ordered
    assert [text.get_text() for text in axes.texts] == [
        "1" if row == column else "" for row in range(5) for column in range(6)
    ]


def test_of_many_values_the_most_confused_are_shown_and_the_rest_is_other() -> None:
    names = [f"c{place}" for place in range(25)]
    truth = names * 3
    predicted = names * 2 + [*names[1:20], names[24], *names[20:]]
    result = attribute_precision_at_1(truth, predicted, ["a"] * 75)["a"]
    axes = plots.attribute_confusion(result, title="Color").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == names[:20]
    assert axes.get_title(loc="left").replace("\n", " ") == (
        "Color, the 20 of 25 values confused most, n = 60 of 75 rows"
    )
    last = [text.get_text() for text in axes.texts][20::21]
    assert last == [""] * 19 + ["1"]


def test_an_attribute_without_rows_shows_the_reason_alone() -> None:
    result = attribute_precision_at_1([None], ["red"], ["a"])["a"]
    figure = plots.attribute_confusion(result)
    assert texts(figure) == ["no row with a kept value"]
    assert not figure.axes[0].axison
    assert rendered(figure)


def test_the_matrix_of_a_labeler_is_that_of_dawid_and_skene() -> None:
    result = dawid_skene([0, 0, 1, 1, 2, 2], [0, 1] * 3, [0, 0, 1, 1, 1, 0], n_values=2)
    axes = plots.labeler_confusion(result, 1, values=["Similar", "Not Similar"], n=3, title="Lena").axes[0]
    assert np.asarray(axes.images[0].get_array()) == pytest.approx(result.confusion[1])
    assert [int(text.get_text()) for text in axes.texts] == pytest.approx(
        100 * result.confusion[1].ravel(), abs=0.5
    )
    assert axes.get_title(loc="left") == "Lena, n = 3 labels"
    remark = axes.figure.get_supxlabel().replace("\n", " ")
    assert remark == "n is that of all 2 rows together; a single row may rest on few labels."
    with pytest.raises(EvaluationError, match="labeler: 2 is outside 0 to 1"):
        plots.labeler_confusion(result, 2, values=["a", "b"], n=3)
    with pytest.raises(EvaluationError, match="values: expected 2 names, found 1"):
        plots.labeler_confusion(result, 0, values=["a"], n=3)


def test_nothing_to_draw_is_said_in_the_figure(nothing: Threshold) -> None:
    for figure, words in (
        (plots.precision_recall_curve(nothing), "nothing was found"),
        (plots.f1_curve(nothing), "nothing was found"),
        (plots.gains_by_row({}), "no rows to compare"),
        (plots.gain_shares(gain_breakdown([])), "no links"),
        (plots.gain_shares(gain_breakdown([("model", math.nan, *HOME)])), "is undefined"),
    ):
        assert words in texts(figure)[0]
        assert "n = " in figure.axes[0].get_title(loc="left")
        assert not figure.axes[0].axison
        assert rendered(figure)


def test_all_figures_are_drawn_without_pyplot_and_without_warnings(
    threshold: Threshold,
) -> None:
    row = compare(system(0.5, 0.3, 1), system(0.7, 0.4, 2), range(40), range(40), draws=500)
    long = {f"A system with quite a long name, {name}, that has to wrap": row for name in ("V1.4", "V2")}
    drawn = [
        plots.precision_recall_curve(threshold),
        plots.f1_curve(threshold),
        plots.gains_by_row(long),
        plots.grade_mix({name: relevance_at_5(system(0.5, 0.1, 4), range(40)) for name in long}),
        plots.grade_mix({}),
        plots.gain_shares(gain_breakdown([("model", 0.5, *HOME), ("dataset", -0.2, *HOME)])),
    ]
    assert all(rendered(figure) for figure in drawn)
    assert not Gcf.get_all_fig_managers()


@pytest.mark.parametrize("draw", [plots.gains_by_row, plots.grade_mix])
def test_without_matplotlib_one_clear_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, draw: Callable[[Any], Figure]
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        draw({})
