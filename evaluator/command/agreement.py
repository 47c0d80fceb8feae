"""`python -m evaluator agreement`: how far labelers agree, and how often each is right."""

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evaluator.agreement import (
    LabelerShares,
    alpha_interval,
    consistency,
    count_values,
    gwet_ac,
    labeler_consistency,
    percent_agreement,
)
from evaluator.command import Command
from evaluator.command.findings import (
    Explained,
    Findings,
    Section,
    estimated,
    many,
    number,
    percent,
    spelled_alike,
    tabled,
)
from evaluator.command.label_files import EMPTY, LEVELS, Labels, Level, labels_of
from evaluator.consensus import majority
from evaluator.errors import EvaluationError
from evaluator.file_error import named, quoted, shown
from evaluator.intervals import wilson
from evaluator.types import Estimate

FILES = """\
Give one or two files, CSV, TSV or semicolons, UTF-8, with the names of the columns in the first line:

  labels.csv    columns item, labeler (or worker, rater, annotator), label; one row per label. Labels are
                names or numbers; rows with an empty label are left out.
  truth.csv     columns item, truth: the right answer where it is known, for the accuracy of each labeler.

Levels: nominal (names without an order), ordinal (an order, as in grades), interval (numbers), ratio (numbers
with a true zero). An order of names goes to --order, lowest first, and makes the level ordinal.

example, labels.csv:
  item,labeler,label
  pair-1,ada,Similar
  pair-1,bo,Not Similar

  python -m evaluator agreement labels.csv
  python -m evaluator agreement labels.csv truth.csv --order "Not Similar,Similar" --json
"""
Part = tuple[Section, dict[str, Any]]
LEVEL = 0.95
ALONE = "shares no item with others"
NO_TRUTH = "no label on an item with a known truth"


def add_options(parser: ArgumentParser) -> None:
    """Add what `agreement` asks for besides the files."""
    parser.add_argument("--level", choices=LEVELS, help="scale of the labels (nominal; ordinal with --order)")
    parser.add_argument("--order", default="", metavar="A,B,C", help="the labels, lowest first")


def find(options: Namespace) -> Findings:
    """Return the agreement of all, and the figures of each labeler."""
    if len(options.files) > 2:
        raise EvaluationError("FILE", f"expected labels and perhaps truth, found {len(options.files)} files")
    path, truth = options.files[0], options.files[1] if len(options.files) == 2 else None
    level: Level = options.level or ("ordinal" if options.order else "nominal")
    labels = labels_of(path, truth, level=level, order=options.order)
    with named({"": path}):
        parts = [_agreement(labels, level)]
        shares = labeler_consistency(labels.item, labels.labeler, labels.value)
    parts.append(_leave_one_out(shares))
    accuracies = None if truth is None else _accuracies(labels)
    if accuracies is not None:
        parts.append(_against_truth(labels, accuracies))
    parts.append(_labelers(labels, shares, accuracies))
    figures = {name: figure for _, figures in parts for name, figure in figures.items()}
    return Findings([section for section, _ in parts], figures)


def _agreement(labels: Labels, level: Level) -> Part:
    counts = count_values(
        labels.item, labels.value, n_values=len(labels.value_names), n_items=len(labels.item_names)
    )
    most = consistency(counts)
    alpha = alpha_interval(counts, level=level, values=None if level == "nominal" else labels.points)
    pairs, gwet = percent_agreement(counts), gwet_ac(counts, weights=None if level == "nominal" else "linear")
    name = "Gwet's AC1" if level == "nominal" else "Gwet's AC2, linear weights"
    reason = alpha.reason or most.reason
    rows = [
        ("Consistency, mean share of the most common answer", estimated(most, "items")),
        ("Equal pairs of labels", percent(pairs, reason)),
        (f"Krippendorff's alpha, {level}", estimated(alpha, "items", unit="")),
        (name, number(gwet, reason)),
    ]
    figures = {
        "labels": len(labels.item),
        "without_label": labels.without_label,
        "values": labels.value_names,
        "level": level,
        "consistency": most,
        "percent_agreement": Explained(pairs, reason),
        "alpha": alpha,
        "gwet_ac": Explained(gwet, reason),
    }
    remarks = spelled_alike(labels.value_names, "labels")
    if labels.without_label:
        remarks.append(f"Left out: {many(labels.without_label, 'rows')} without a label.")
    return Section(_size(labels), rows, remarks), figures


def _size(labels: Labels) -> str:
    size = f"{many(len(labels.item), 'labels')} on {many(len(labels.item_names), 'items')}"
    values = shown(", ".join(labels.value_names), most=200)
    return f"{size} by {many(len(labels.labeler_names), 'labelers')}: {values}"


def _leave_one_out(shares: LabelerShares) -> Part:
    rows = [
        ("Over all labels", percent(shares.pooled, ALONE)),
        ("Mean of the labelers", percent(shares.mean, ALONE)),
    ]
    figures = {
        "labeler_consistency_pooled": Explained(shares.pooled, ALONE),
        "labeler_consistency_mean": Explained(shares.mean, ALONE),
    }
    return Section("Each against the most common answer of the others", rows), figures


def _accuracies(labels: Labels) -> list[Estimate]:
    """Return the share of right labels of each labeler."""
    known = labels.truth[labels.item] != EMPTY
    right = known & (labels.truth[labels.item] == labels.value)
    size = len(labels.labeler_names)
    n = np.bincount(labels.labeler[known], minlength=size)
    k = np.bincount(labels.labeler[right], minlength=size)
    return [
        replace(wilson(int(hits), int(trials)), reason="" if trials else NO_TRUTH)
        for hits, trials in zip(k, n, strict=True)
    ]


def _against_truth(labels: Labels, accuracies: Sequence[Estimate]) -> Part:
    answers = majority(
        labels.item,
        labels.labeler,
        labels.value,
        n_values=len(labels.value_names),
        n_items=len(labels.item_names),
    )
    asked = (labels.truth != EMPTY) & ~np.isnan(answers.share)
    best = wilson(int((answers.label == labels.truth)[asked].sum()), int(asked.sum()))
    known = [accuracy for accuracy in accuracies if accuracy.n]
    n = sum(accuracy.n for accuracy in known)
    pooled = math.fsum(accuracy.value * accuracy.n for accuracy in known) / n if n else math.nan
    mean = math.fsum(accuracy.value for accuracy in known) / len(known) if known else math.nan
    rows = [
        ("Majority answers that are right, a tie is not", estimated(best, "items")),
        ("Labels that are right", percent(pooled, NO_TRUTH)),
        ("Mean of the labelers", percent(mean, NO_TRUTH)),
    ]
    figures = {
        "majority_accuracy": best,
        "accuracy_pooled": Explained(pooled, NO_TRUTH),
        "accuracy_mean": Explained(mean, NO_TRUTH),
    }
    never = shown(", ".join(map(quoted, labels.never_given)), most=200)
    remarks = [f"Nobody gave these true values as a label: {never}."] if never else []
    return Section("Against the truth", rows, remarks), figures


def _labelers(labels: Labels, shares: LabelerShares, accuracies: Sequence[Estimate] | None) -> Part:
    """Return a row for each labeler who labeled anything."""
    rows = [("labeler", "agrees with the others", *([] if accuracies is None else ["right"]))]
    figures = []
    for place, code in enumerate(shares.labelers.tolist()):
        same = _share(shares, place)
        name, right = labels.labeler_names[code], None if accuracies is None else accuracies[code]
        told = {"labeler": name, "consistency": same}
        figures.append(told if right is None else told | {"accuracy": right})
        cells = (shown(name), estimated(same, "labels"))
        rows.append(cells if right is None else (*cells, estimated(right, "labels")))
    return tabled("Labelers", rows), {"labelers": figures}


def _share(shares: LabelerShares, place: int) -> Estimate:
    value, low, high = (float(part[place]) for part in (shares.share, shares.low, shares.high))
    reason = ALONE if math.isnan(value) else ""
    return Estimate(value, low, high, int(shares.n[place]), LEVEL, "wilson", reason)


COMMAND = Command(
    "agreement", "how far labelers agree, and how often each is right", FILES, add_options, find
)
