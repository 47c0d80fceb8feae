"""The published interface: others call these names with these arguments; none changes by accident."""

import inspect
from collections.abc import Callable
from importlib import import_module

import pytest

# Arguments before "*" may be given by position; a "=" shows the default.
INTERFACE = """
agreement.count_values(items, labels, *, n_values, n_items=None)
agreement.krippendorff_alpha(value_counts, *, level='nominal', values=None)
agreement.alpha_interval(value_counts, *, level='nominal', values=None, draws=1000, seed=0)
agreement.fleiss_kappa(value_counts)
agreement.randolph_kappa(value_counts)
agreement.cohen_kappa(a, b, *, weights=None)
agreement.gwet_ac(value_counts, *, weights=None)
agreement.percent_agreement(value_counts)
agreement.consistency(value_counts)
agreement.labeler_consistency(items, labelers, values)
agreement.pairwise_agreement(items, labelers, values)
agreement.box_agreement(boxes_a, boxes_b, categories_a, categories_b, *, iou=0.5)
consensus.majority(items, labelers, labels, *, n_values)
consensus.dawid_skene(items, labelers, labels, *, n_values, golden=None, smoothing=0.01, max_iterations=200, \
tolerance=1e-06, min_labels_per_labeler=0, n_items=None, n_labelers=None, pools=None)
consensus.merge_boxes(boxes, categories, labelers, *, n_labelers, iou=0.5, quorum)
consensus.next_label_value(posterior, confusions)
consensus.stop(posterior, *, bound=0.95)
relevance.precision_at_k(grades, *, k=5, min_grade, clusters=None)
relevance.relevance_at_5(grades, scenes)
relevance.compare(grades_a, grades_b, scenes_a, scenes_b, *, draws=10000, seed=0)
relevance.relative_gain(old, new)
relevance.chain_gains(gains)
relevance.gain_breakdown(links)
relevance.ndcg_at_k(grades, *, ideal_grades, gains=(0, 0, 1, 2, 3))
relevance.reciprocal_rank(grades)
relevance.plan_queries(pilot_differences, *, effect, power=0.8, level=0.05)
relevance.read_qrels(path)
relevance.write_qrels(path, qrels)
relevance.read_run(path)
relevance.write_run(path, run)
significance.sign_flip_test(differences, *, clusters=None, draws=10000, seed=0)
significance.mcnemar(b, c)
significance.holm(p)
significance.benjamini_hochberg(p)
intervals.wilson(k, n, *, level=0.95)
intervals.clopper_pearson(k, n, *, level=0.95)
intervals.jeffreys(k, n, *, level=0.95)
intervals.newcombe_difference(k1, n1, k2, n2)
intervals.cluster_bootstrap(numerators, denominators, *, draws=10000, seed=0, level=0.95, strata=None)
intervals.two_way_interval(values, scenes, labelers)
intervals.confidence_sequence(values, *, level=0.95, bounds=(0, 1))
intervals.ppi_mean(human, judged_labeled, judged_unlabeled, *, clusters_labeled=None, clusters_unlabeled=None)
labelers.golden_accuracy(correct, n, *, pool_correct=None, pool_n=None, level=0.95)
labelers.goldens_needed(*, target, errors, certainty=0.95)
labelers.spammer_score(confusion, prior)
labelers.pace_flags(seconds, items, labelers)
labelers.drift(correct, when)
detection.coco_scores(ground_truth, detections, *, max_detections=100)
detection.voc_ap(ground_truth, detections, *, iou, points='all', inclusive_pixels=False)
detection.best_f1_threshold(ground_truth, detections, *, iou=0.5)
detection.precision_recall_at(ground_truth, detections, *, threshold, iou=0.5)
detection.roll_up(annotations, parents)
retrieval.precision_at_1(query_codes, query_products, corpus_codes, corpus_products, *, distractors=None)
attributes.attribute_precision_at_1(truth, predicted, attributes)
preference.bradley_terry(wins)
"""
LINES = [line for line in INTERFACE.strip().splitlines() if line]


@pytest.mark.parametrize("line", LINES)
def test_a_published_function_keeps_its_arguments(line: str) -> None:
    name, _, arguments = line.partition("(")
    module, _, function = name.partition(".")
    wanted = inspect.signature(_example(arguments.removesuffix(")"))).parameters.values()
    found = inspect.signature(getattr(import_module(f"evaluator.{module}"), function)).parameters
    for one in wanted:
        assert one.name in found
        assert (found[one.name].kind, found[one.name].default) == (one.kind, one.default), one.name
    further = [found[name] for name in found if name not in {one.name for one in wanted}]
    assert all(one.default is not one.empty and one.kind is one.KEYWORD_ONLY for one in further)


def _example(arguments: str) -> Callable[..., None]:
    example: Callable[..., None] = eval(f"lambda {arguments}: None")  # noqa: S307 - the lines stand above
    return example
