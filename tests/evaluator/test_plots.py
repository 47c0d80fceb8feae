import math
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from evaluator import plots
from evaluator.attributes import attribute_precision_at_1
from evaluator.consensus import dawid_skene
from evaluator.detection import Threshold, best_f1_threshold
from evaluator.errors import EvaluationError
from evaluator.relevance import compare, gain_breakdown, relevance_at_5
from evaluator.types import Comparison

HOME, FASHION = ("Similar P@5", "Home Decor"), ("Extremely Similar P@5", "Fashion")


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


def system(share: float, strict: float, seed: int) -> Any:
    chance = np.random.default_rng(seed).random((40, 5))
    return np.where(chance < strict, 4, np.where(chance < share, 3, 1))


@pytest.fixture(scope="module")
def comparisons() -> dict[str, Comparison]:
    rows = [system(0.2, 0.1, 1), system(0.7, 0.4, 2), system(0.7, 0.4, 3)]
    return {
        name: compare(old, new, range(40), range(40), draws=500)
        for name, old, new in (("V1.4", rows[0], rows[1]), ("V2", rows[1], rows[2]))
    }


def lines(figure: Figure) -> dict[str, Any]:
    return {str(line.get_label()): line for line in figure.axes[0].get_lines()}


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]


def rendered(figure: Figure) -> int:
    page = BytesIO()
    figure.savefig(page, format="png")
    return len(page.getvalue())


def test_the_precision_recall_curve_is_the_curve_of_the_threshold(threshold: Threshold) -> None:
    figure = plots.precision_recall_curve(threshold)
    drawn = lines(figure)["all scores"]
    assert drawn.get_xdata().tolist() == threshold.curve.recall.tolist()
    assert drawn.get_ydata().tolist() == threshold.curve.precision.tolist()
    (best,) = [line for label, line in lines(figure).items() if label.startswith("best F1")]
    assert (best.get_xdata(), best.get_ydata()) == ([threshold.recall], [threshold.precision])
    assert figure.axes[0].get_title(loc="left") == "Precision and recall, n = 10 objects"


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


def test_whiskers_run_from_end_to_end_of_the_interval(comparisons: dict[str, Comparison]) -> None:
    axes: Any = plots.gains_by_row(comparisons).axes[0]
    strict = [row.extremely_similar for row in comparisons.values()]
    gains = [
        row.relative_gain
        for pair in zip(comparisons.values(), strict, strict=True)
        for row in pair
        if row is not None
    ]
    markers = [bars.lines[0] for bars in axes.containers]
    assert [marker.get_xdata()[0] for marker in markers] == pytest.approx(
        [100 * gain.value for gain in gains]
    )
    for bars, gain in zip(axes.containers, gains, strict=True):
        (segment,) = bars.lines[2][0].get_segments()
        assert segment[:, 0] == pytest.approx([100 * gain.low, 100 * gain.high])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["V1.4", "V2"]
    assert axes.get_title(loc="left") == "Gain over the row before, n = 40 scenes"
    assert axes.get_xlabel() == "relative gain, %"


def test_a_gain_without_a_winner_is_grey_and_hollow(comparisons: dict[str, Comparison]) -> None:
    axes: Any = plots.gains_by_row(comparisons).axes[0]
    assert comparisons["V1.4"].winner == "B"
    assert comparisons["V2"].winner == ""
    won, _, lost, _ = (bars.lines[0] for bars in axes.containers)
    assert to_hex(won.get_markerfacecolor()) == to_hex(won.get_color()) == "#0072b2"
    assert to_hex(lost.get_markerfacecolor()) == "#ffffff"
    assert to_hex(lost.get_color()) == "#767676"


def test_an_undefined_gain_is_written_with_its_reason_and_an_open_one_has_an_arrow() -> None:
    almost = np.ones((30, 5))
    almost[0, 0] = 3
    better = np.ones((30, 5))
    better[0] = 3
    row = compare(almost, better, range(30), range(30), draws=500)
    assert row.relative_gain.high == math.inf
    figure = plots.gains_by_row({"V2": row})
    assert "  Extremely Similar P@5: the old system has no hits to be relative to" in texts(figure)
    arrow: Any
    (arrow,) = [text for text in figure.axes[0].texts if hasattr(text, "arrow_patch")]
    assert arrow.xy[0] > 100 * row.relative_gain.value
    assert figure.axes[0].get_xlim()[1] >= arrow.xy[0]
    assert rendered(figure)


def test_scenes_that_differ_between_rows_are_named_as_a_range(comparisons: dict[str, Comparison]) -> None:
    rows = {"a": replace(comparisons["V2"], scenes=1380), "b": comparisons["V1.4"]}
    assert plots.gains_by_row(rows).axes[0].get_title(loc="left").endswith("n = 40 to 1,380 scenes")


def test_the_bars_of_the_grade_mix_are_the_shares() -> None:
    results = {
        name: relevance_at_5(system(0.6, 0.2, seed), range(40)) for name, seed in (("V1", 1), ("V2", 2))
    }
    axes = plots.grade_mix(results).axes[0]
    widths = np.transpose([[bar.get_width() for bar in bars] for bars in axes.containers])
    shares = [[100 * share for share in result.grade_mix.values()] for result in results.values()]
    assert widths.tolist() == pytest.approx(np.array(shares))
    assert axes.get_title(loc="left") == "Grades of the top five, n = 400 judged candidates"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["V1\n200 judged", "V2\n200 judged"]


def test_a_system_without_judgements_says_so_in_the_grade_mix() -> None:
    figure = plots.grade_mix({"V3": relevance_at_5([[-1] * 5] * 3, range(3))})
    assert "no candidate is judged yet" in texts(figure)
    assert rendered(figure)


def test_the_attribute_matrix_shows_its_counts_shaded_by_row() -> None:
    truth = ["red"] * 6 + ["blue"] * 4
    predicted = ["red"] * 5 + ["blue"] * 4 + ["pink"]
    result = attribute_precision_at_1(truth, predicted, ["color"] * 10)["color"]
    axes = plots.attribute_confusion(result, title="Color").axes[0]
    assert [int(text.get_text()) for text in axes.texts] == result.confusion.ravel().tolist()
    shaded = np.asarray(axes.images[0].get_array())
    assert shaded == pytest.approx(result.confusion / result.confusion.sum(axis=1, keepdims=True))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["blue", "red"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["blue", "red", "other"]
    assert axes.get_title(loc="left") == "Color, n = 10 rows"


def test_the_matrix_of_a_labeler_is_that_of_dawid_and_skene() -> None:
    result = dawid_skene([0, 0, 1, 1, 2, 2], [0, 1] * 3, [0, 0, 1, 1, 1, 0], n_values=2)
    axes = plots.labeler_confusion(result, 1, values=["Similar", "Not Similar"], n=3, title="Lena").axes[0]
    assert np.asarray(axes.images[0].get_array()) == pytest.approx(result.confusion[1])
    assert [int(text.get_text()) for text in axes.texts] == pytest.approx(
        100 * result.confusion[1].ravel(), abs=0.5
    )
    assert axes.get_title(loc="left") == "Lena, n = 3 labels"
    with pytest.raises(EvaluationError, match="labeler: 2 is outside 0 to 1"):
        plots.labeler_confusion(result, 2, values=["a", "b"], n=3)
    with pytest.raises(EvaluationError, match="values: expected 2 names, found 1"):
        plots.labeler_confusion(result, 0, values=["a"], n=3)


def test_the_bars_of_figure_7_are_the_shares_and_what_they_mix_stands_below() -> None:
    breakdown = gain_breakdown([("model", 0.24, *HOME), ("dataset", 0.547, *FASHION)])
    figure = plots.gain_shares(breakdown)
    axes = figure.axes[0]
    widths = [bar.get_width() for bar in axes.containers[0]]
    assert widths == pytest.approx([100 * breakdown.by_area["dataset"], 100 * breakdown.by_area["model"]])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dataset", "model"]
    assert axes.get_title(loc="left") == "Where the gains came from, n = 2 gains"
    assert figure.get_supxlabel().startswith("mixes Extremely Similar P@5 (Fashion) and Similar P@5")


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
        assert rendered(figure)


def test_all_figures_are_drawn_without_pyplot_and_without_warnings(
    threshold: Threshold, comparisons: dict[str, Comparison]
) -> None:
    long = {
        f"A system with quite a long name, {name}, that has to wrap": row for name, row in comparisons.items()
    }
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
