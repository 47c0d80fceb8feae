import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from evaluator import plots
from evaluator.relevance import compare, gain_breakdown
from evaluator.types import Comparison
from tests.evaluator.figures import FASHION, HOME, MINUS, legend, rendered, system, texts


@pytest.fixture(scope="module")
def comparisons() -> dict[str, Comparison]:
    rows = [system(0.5, 0.3, 1), system(0.7, 0.4, 2), system(0.7, 0.4, 3)]
    return {
        name: compare(old, new, range(40), range(40), draws=500)
        for name, old, new in (("V1.4", rows[0], rows[1]), ("V2", rows[1], rows[2]))
    }


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
    assert "95 % interval" in legend(axes.figure)


def test_gains_are_written_above_their_markers(comparisons: dict[str, Comparison]) -> None:
    written = texts(plots.gains_by_row(comparisons))
    row = comparisons["V1.4"]
    assert row.extremely_similar is not None
    assert written[:2] == [
        f"+{100 * row.relative_gain.value:.1f} %",
        f"+{100 * row.extremely_similar.relative_gain.value:.1f} %",
    ]


def test_the_base_of_the_first_row_is_named_where_it_is_given(comparisons: dict[str, Comparison]) -> None:
    axes = plots.gains_by_row(comparisons, base="V1").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["V1.4\n(over V1)", "V2"]


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
    assert "  Extremely Similar P@5: the old system has no hits to be relative to" in [
        text.rstrip() for text in texts(figure)
    ]
    arrow: Any
    (arrow,) = [text for text in figure.axes[0].texts if hasattr(text, "arrow_patch")]
    assert arrow.xy[0] > 100 * row.relative_gain.value
    assert figure.axes[0].get_xlim()[1] >= arrow.xy[0]
    assert rendered(figure)


def with_gain(row: Comparison, value: float, low: float, high: float) -> Comparison:
    gain = replace(row.relative_gain, value=value, low=low, high=high)
    return replace(row, relative_gain=gain, extremely_similar=None)


def test_a_row_from_near_zero_is_cut_off_and_written_and_squeezes_no_other(
    comparisons: dict[str, Comparison],
) -> None:
    row = comparisons["V1.4"]
    axes: Any = plots.gains_by_row(
        {
            "a": with_gain(row, 0.1, 0.05, 0.2),
            "b": with_gain(row, -0.1, -0.25, 0.1),
            "c": with_gain(row, 17.572, 4.58, math.inf),
            "d": with_gain(row, 0.3, 0.1, 9.0),
        }
    ).axes[0]
    edge = axes.get_xlim()[1]
    assert 30 < edge < 150
    assert axes.containers[2].lines[0].get_xdata()[0] < edge
    assert axes.containers[3].lines[0].get_xdata()[0] == pytest.approx(30)
    assert [text.get_text() for text in axes.texts if text.get_text()] == [
        "+10.0 %",
        f"{MINUS}10.0 %",
        "+1,757 % (458 and up)",
        "+30.0 % (10 to 900)",
    ]
    assert [text.xy[0] for text in axes.texts if hasattr(text, "arrow_patch")] == [edge, edge]


def test_a_gain_without_an_interval_says_so(comparisons: dict[str, Comparison]) -> None:
    row = with_gain(comparisons["V2"], 0.0, math.nan, math.nan)
    figure = plots.gains_by_row({"same": row})
    assert texts(figure) == ["0.0 %, no interval"]
    assert rendered(figure)


def test_no_scale_stands_under_gains_that_are_all_undefined(comparisons: dict[str, Comparison]) -> None:
    nothing = replace(comparisons["V2"].relative_gain, value=math.nan, reason="no hits")
    row = replace(comparisons["V2"], relative_gain=nothing, extremely_similar=None)
    figure = plots.gains_by_row({"a": row})
    axes = figure.axes[0]
    assert not len(axes.get_xticks())
    assert texts(figure) == ["  Similar P@5: no hits  "]
    assert axes.texts[0].get_horizontalalignment() == "left"


def test_the_reason_stands_inside_where_all_other_rows_lost(comparisons: dict[str, Comparison]) -> None:
    nothing = replace(comparisons["V2"].relative_gain, value=math.nan, reason="no hits")
    rows = {
        "a": with_gain(comparisons["V2"], -0.5, -0.7, -0.2),
        "b": replace(comparisons["V2"], relative_gain=nothing, extremely_similar=None),
    }
    reason = plots.gains_by_row(rows).axes[0].texts[-1]
    assert reason.get_horizontalalignment() == "right"


def test_scenes_that_differ_between_rows_are_named_as_a_range(comparisons: dict[str, Comparison]) -> None:
    rows = {"a": replace(comparisons["V2"], scenes=1380), "b": comparisons["V1.4"]}
    assert plots.gains_by_row(rows).axes[0].get_title(loc="left").endswith("n = 40 to 1,380 scenes")


def test_the_bars_of_figure_7_are_the_shares_and_what_they_mix_stands_below() -> None:
    breakdown = gain_breakdown([("model", 0.24, *HOME), ("dataset", 0.547, *FASHION)])
    figure = plots.gain_shares(breakdown)
    axes: Any = figure.axes[0]
    widths = [bar.get_width() for bar in axes.containers[0]]
    assert widths == pytest.approx([100 * breakdown.by_area["dataset"], 100 * breakdown.by_area["model"]])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dataset", "model"]
    assert axes.get_title(loc="left") == "Where the gains came from, n = 2 gains"
    assert axes.get_xlabel() == "share of the whole gain (log scale), %"
    assert figure.get_supxlabel().replace("\n", " ") == (
        "These gains mix Extremely Similar P@5 (Fashion) and Similar P@5 (Home Decor): "
        "read the shares as a rough order, not as parts of one gain."
    )


@pytest.mark.parametrize(
    ("sign", "whole", "others", "colours"),
    [(1, "gain", "lost", ["#0072b2", "#d55e00"]), (-1, "loss", "gained", ["#d55e00", "#0072b2"])],
)
def test_what_lost_has_another_colour_and_a_share_above_100_percent_a_remark(
    sign: int, whole: str, others: str, colours: list[str]
) -> None:
    figure = plots.gain_shares(gain_breakdown([("a", 0.24 * sign, *HOME), ("b", -0.1 * sign, *HOME)]))
    axes: Any = figure.axes[0]
    assert [to_hex(bar.get_facecolor()) for bar in axes.containers[0]] == colours
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["gained", "lost"]
    assert axes.get_xlabel() == f"share of the whole {whole} (log scale), %"
    assert figure.get_supxlabel().replace("\n", " ").endswith(f"makes up for what others {others}.")
    assert texts(figure)[1].startswith(MINUS)
    assert rendered(figure)
