"""What `export_run` writes is what `python -m evaluator relevance` reads."""

import json
from pathlib import Path

import pytest

from evaluator.command.line import main
from labelapp.evaluations.exports import export_run
from labelapp.evaluations.reports import relevance_report
from tests import personas
from tests.evaluations.records import finished_run, judge, make_system
from tests.factories import make_product, make_project, make_scene

pytestmark = pytest.mark.django_db


def test_the_command_line_gives_the_report_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, lena = make_project(), personas.lena()
    old, new = make_system("old"), make_system("new")
    scenes, products = [make_scene(), make_scene()], [make_product() for _ in range(6)]
    for scene in scenes:
        for product, grade in zip(products[1:], (1, 4, 4, 3, 3), strict=True):
            judge(project, scene, product, grade, by=lena)
    run = finished_run(project, scenes, {old: [products[:2], []], new: [products[:5], products[1:]]})
    export_run(run, tmp_path)
    assert main(["relevance", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    rows = relevance_report([old, new]).rows
    for row, system in zip(rows, printed["systems"], strict=True):
        assert system["name"] == row.system.slug
        assert system["similar"] == row.result.similar.as_dict()
        assert system["pooled"] == row.result.pooled.as_dict()
        assert system["judged_at_5"] == row.result.judged_at_5
    gain = rows[1].similar_gain
    assert gain is not None
    assert printed["comparisons"][0]["comparison"]["difference"] == gain.difference.as_dict()
    assert printed["comparisons"][0]["comparison"]["p_value"] == gain.p_value
