from pathlib import Path

import numpy as np
import pytest

from evaluator.relevance import compare, relevance_at_5
from tests.evaluator.desk import Desk

HEAD = "scene,query_object,rank,grade\n"
# As `labelapp.evaluations.exports` writes them.
CANDIDATES = """\
system,scene,query_object,x,y,w,h,category,score,rank,product,distance,crop_hash,product_image
old,hall,q1,0,0,9,9,lamp,0.9,1,p1,3,c1,i1
old,hall,q1,0,0,9,9,lamp,0.9,2,p2,4,c1,i2
old,porch,q2,0,0,9,9,chair,0.8,,,,c2,
new,hall,q3,0,0,9,9,lamp,0.9,1,p1,3,c1,i1
new,hall,q3,0,0,9,9,lamp,0.9,2,p3,3,c1,i3
new,hall,q3,0,0,9,9,lamp,0.9,6,p1,3,c1,i1
new,porch,q4,0,0,9,9,chair,0.9,1,p1,3,c2,i1
"""
JUDGEMENTS = """\
crop_hash,product_image,grade,origin,question_version,guide,guide_version,labeler,label,submitted_at
c1,i1,4,human,2,relevance,10,a,l1,2026-01-01T00:00:00+00:00
c1,i1,4,human,2,relevance,10,b,l2,2026-01-01T00:00:00+00:00
c1,i1,1,human,2,relevance,10,c,l3,2026-01-01T00:00:00+00:00
c1,i2,1,human,2,relevance,10,a,l1,2026-01-01T00:00:00+00:00
c1,i3,3,human,2,relevance,10,a,l4,2026-01-01T00:00:00+00:00
c1,i3,2,human,2,relevance,10,b,l5,2026-01-01T00:00:00+00:00
c2,i1,3,human,1,relevance,10,a,l6,2026-01-01T00:00:00+00:00
c2,i1,2,human,2,relevance,9,a,l7,2026-01-01T00:00:00+00:00
c2,i1,0,simulated,2,relevance,10,s,l8,2026-01-01T00:00:00+00:00
"""


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk("relevance", tmp_path, capsys)


@pytest.fixture
def exported(desk: Desk) -> str:
    desk.file("run/candidates.csv", CANDIDATES)
    desk.file("run/judgements.csv", JUDGEMENTS)
    return str(desk.folder / "run")


def test_the_figures_are_those_of_the_package(desk: Desk) -> None:
    judged = desk.file(
        "judged.csv",
        f"{HEAD}hall,lamp,1,4\nhall,lamp,2,3\nhall,lamp,3,\nporch,lamp,2,Not Similar\nporch,sofa,,\n",
    )
    expected = relevance_at_5([[4, 3, -1, -2, -2], [-2, 1, -2, -2, -2], [-2] * 5], ["hall", "porch", "porch"])
    (system,) = desk.figures(judged)["systems"]
    assert system["name"] == "judged"
    assert system["similar"] == expected.similar.as_dict()
    assert system["pooled"] == expected.pooled.as_dict()
    assert system["bounds"] == list(expected.bounds)
    assert (system["query_objects"], system["scenes"]) == (3, 2)


def test_two_files_are_compared_and_the_verdict_stands_in_a_sentence(desk: Desk) -> None:
    scenes = [f"s{number}" for number in range(30)]
    bad = HEAD + "".join(f"{scene},q,1,1\n" for scene in scenes)
    good = HEAD + "".join(f"{scene},q,1,{3 + number % 2}\n" for number, scene in enumerate(scenes))
    files = [desk.file("old.csv", bad), desk.file("new.csv", good)]
    rows = np.array([[1, -2, -2, -2, -2]] * 30)
    expected = compare(rows, rows + [[2 + number % 2, 0, 0, 0, 0] for number in range(30)], scenes, scenes)
    assert "\n  new better than old by 20.0 points (" in desk.text(*files)
    (comparison,) = desk.figures(*files)["comparisons"]
    assert (comparison["old"], comparison["new"]) == ("old", "new")
    assert comparison["comparison"]["difference"] == expected.difference.as_dict()
    assert comparison["comparison"]["p_value"] == expected.p_value
    assert expected.extremely_similar is not None
    strict = comparison["comparison"]["extremely_similar"]
    assert strict["relative_gain"] == expected.extremely_similar.relative_gain.as_dict()


def test_grades_may_be_codes_names_or_what_pandas_makes_of_them(desk: Desk) -> None:
    grades = ["4", "4.0", "es", "Extremely Similar", " EXTREMELY SIMILAR "]
    cells = "".join(f"s,q,{rank}.0,{grade}\n" for rank, grade in enumerate(grades, start=1))
    (system,) = desk.figures(desk.file("judged.csv", HEAD + cells))["systems"]
    assert system["extremely_similar"]["value"] == 1


def test_systems_in_one_file_stand_in_its_order_unless_chosen_by_name(desk: Desk) -> None:
    head = f"system,{HEAD}"
    judged = desk.file("judged.csv", f"{head}b,s,q,1,4\na,s,q,1,1\nc,s,q,1,1\n")
    assert [system["name"] for system in desk.figures(judged)["systems"]] == ["b", "a", "c"]
    chosen = desk.figures(judged, "--system", "c", "--system", "b")
    assert [system["name"] for system in chosen["systems"]] == ["c", "b"]
    assert desk.refusal(judged, "--system", "d") == ("--system: there is no 'd' in the files, only b, a, c")


def test_files_of_one_name_are_told_apart_by_their_folder(desk: Desk) -> None:
    files = [desk.file(f"{folder}/judged.csv", f"{HEAD}s,q,1,4\n") for folder in ("a", "b")]
    names = [system["name"] for system in desk.figures(*files)["systems"]]
    assert names == [f"{file}: judged" for file in files]


def test_names_that_are_cut_short_are_numbered(desk: Desk) -> None:
    rows = "".join(f"{'A' * 70}{number},s{row},q,1,4\n" for number in (1, 2) for row in range(2))
    text = desk.text(desk.file("judged.csv", f"system,{HEAD}{rows}"))
    assert f"\n{'A' * 57}... #2 against {'A' * 57}... #1\n" in text


def test_systems_that_share_few_scenes_are_remarked_on(desk: Desk) -> None:
    old = desk.file("old.csv", f"{HEAD}a,q,1,4\nb,q,1,4\nk\u00fcche,q,1,4\n")
    new = desk.file("new.csv", f"{HEAD}A,q,1,4\nB,q,1,4\nku\u0308che,q,1,4\n")
    text = desk.text(old, new)
    assert "\n  Scenes                             3 in old, 3 in new, 1 in both\n" in text
    remark = (
        "old and new share 1 of 5 scenes: check that the ids are written alike; "
        "a scene that one system lacks counts as one where it found no object."
    )
    assert f"\n  {remark}\n" in text
    (comparison,) = desk.figures(old, new)["comparisons"]
    assert comparison["remarks"] == [remark]
    assert desk.figures(old, old)["comparisons"][0]["remarks"] == []


def test_candidates_beyond_rank_5_are_counted(desk: Desk) -> None:
    text = desk.text(desk.file("judged.csv", f"{HEAD}s,q,1,4\ns,q,6,4\n"))
    assert "judged (" in text
    assert ": 1 query object in 1 scene\n" in text
    assert "\n  1 candidate beyond rank 5 left out.\n" in text


def test_the_order_of_rows_changes_no_figure(desk: Desk) -> None:
    rows = [
        f"s{number % 7},q{number},{rank},{(number * rank) % 5}\n" for number in range(40) for rank in (1, 2)
    ]
    one, other = desk.file("a/x.csv", HEAD + "".join(rows)), desk.file("b/x.csv", HEAD + "".join(rows[::-1]))
    first, second = (desk.figures(path)["systems"][0] for path in (one, other))
    assert first | {"file": ""} == second | {"file": ""}


def test_nothing_judged_is_undefined_with_a_reason_for_every_null(desk: Desk) -> None:
    judged = desk.file("judged.csv", f"{HEAD}s,q,1,\n")
    assert "Similar P@5                       undefined: no candidate is judged yet\n" in desk.text(judged)
    figures = desk.figures(judged)
    assert figures["systems"][0]["similar"]["value"] is None
    assert figures["undefined"]["systems[0].similar.value"] == "no candidate is judged yet"
    assert figures["undefined"]["systems[0].grade_mix.4"] == "no candidate is judged yet"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (" ,q,1,4\n", ", line 2, column scene: found nothing, expected the id of a scene"),
        ("s,,1,4\n", ", line 2, column query_object: found nothing, expected the id of a query object"),
        ("s,q,1,4\ns,q,,\n", ", line 3, column rank: found nothing, expected a rank, since this query"),
        ("s,q,1,7\n", ", line 2, column grade: found '7', expected a grade 0 to 4 or its name, "),
        ("s,q,1,4\ns,q,2,good\n", ", line 3, column grade: found 'good', expected a grade 0 to 4"),
        ("s,q,0,4\n", ", line 2, column rank: found '0', expected a rank 1, 2, 3 ..., or nothing"),
        ("s,q,-1,4\n", ", line 2, column rank: found '-1', expected a rank"),
        (
            "s,q,1,4\ns,q,1.0,3\n",
            ", line 3, column rank: a query object has one candidate per rank: scene 's', ",
        ),
        ("s,q,1.5,4\n", ", line 2, column rank: found '1.5', expected a rank"),
        ("s,q,,4\n", ", line 2, column rank: found nothing, expected a rank 1, 2, 3 ..., or nothing for a"),
        (
            "s,q,1,4\ns,p,1,4\ns,q,1,3\n",
            ", line 4, column rank: a query object has one candidate per rank: scene 's', query_object 'q', ",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(desk: Desk, rows: str, complaint: str) -> None:
    assert desk.refusal(desk.file("judged.csv", HEAD + rows)).startswith(f"judged.csv{complaint}")


def test_a_missing_column_is_named(desk: Desk) -> None:
    assert desk.refusal(desk.file("judged.csv", "scene,rank,grade\ns,1,4\n")) == (
        "judged.csv: has no column query_object; its columns are scene, rank, grade"
    )


def test_exported_files_are_read_directly_with_the_majority_of_the_newest_guide(
    desk: Desk, exported: str
) -> None:
    figures = desk.figures(exported)
    by_name = {system["name"]: system for system in figures["systems"]}
    expected = relevance_at_5([[4, 1, -2, -2, -2], [-2] * 5], ["hall", "porch"])
    assert by_name["old"]["similar"] == expected.similar.as_dict()
    # The tie between 3 and 2, and the pair judged under an old guide and question only, are unjudged.
    assert by_name["new"]["judged_at_5"] == relevance_at_5([[4, -1, -2], [-1, -2, -2]], [1, 2]).judged_at_5
    assert by_name["old"]["grades_from"] == (
        "6 human judgements under guide relevance v10, question 2; left out: "
        "1 of another origin, 1 under another guide version, 1 under another question version"
    )


def test_exported_files_of_two_runs_share_their_judgements(desk: Desk, exported: str) -> None:
    again = desk.file("again.csv", CANDIDATES)
    both = desk.figures(f"{exported}/candidates.csv", f"{exported}/judgements.csv", again)
    repeated = desk.figures(exported, f"{exported}/judgements.csv")
    assert [system["query_objects"] for system in both["systems"]] == [2, 2, 2, 2]
    assert repeated["systems"][0]["similar"] == both["systems"][0]["similar"]
    assert repeated["systems"][0]["grades_from"].endswith(", 6 repeated")


def test_a_folder_gives_a_system_its_name_and_must_hold_both_files(desk: Desk, exported: str) -> None:
    rows = [line.partition(",")[2] for line in CANDIDATES.splitlines() if not line.startswith("new")]
    desk.file("run/candidates.csv", "\n".join(rows))
    assert [system["name"] for system in desk.figures(exported)["systems"]] == ["run"]
    Path(exported, "judgements.csv").unlink()
    assert desk.refusal(exported) == "FILE: the folder run holds no judgements.csv"


def test_options_choose_which_judgements_count(desk: Desk, exported: str) -> None:
    simulated = desk.figures(exported, "--origin", "simulated", "--system", "new")["systems"][0]
    assert simulated["grade_mix"]["0"] == 1
    older = desk.figures(exported, "--guide-version", "9", "--system", "new")["systems"][0]
    assert older["grade_mix"]["2"] == 1
    assert desk.refusal(exported, "--guide-version", "8") == (
        "run/judgements.csv: no judgement fits --guide-version 8; there are: 10, 9"
    )
    assert desk.refusal(exported, "--origin", "model") == (
        "run/judgements.csv: no judgement fits --origin model; there are: human, simulated"
    )


def test_judgements_under_two_guides_need_a_choice(desk: Desk, exported: str) -> None:
    other = JUDGEMENTS + "c1,i1,4,human,2,bridge,1,a,l9,2026-01-01T00:00:00+00:00\n"
    desk.file("run/judgements.csv", other)
    assert desk.refusal(exported) == (
        "run/judgements.csv, column guide: holds judgements under several guides "
        "(bridge, relevance); choose one with --guide"
    )
    assert desk.figures(exported, "--guide", "bridge")["systems"][0]["grades_from"].startswith("1 human")


def test_candidates_without_any_judgement_yet_are_undefined(desk: Desk, exported: str) -> None:
    desk.file("run/judgements.csv", JUDGEMENTS.partition("\n")[0] + "\n")
    assert "undefined: no candidate is judged yet" in desk.text(exported)


def test_one_exported_file_asks_for_the_other(desk: Desk, exported: str) -> None:
    assert desk.refusal(f"{exported}/candidates.csv") == (
        "run/candidates.csv: needs the judgements.csv that was exported with it"
    )
    assert desk.refusal(f"{exported}/judgements.csv") == (
        "run/judgements.csv: needs the candidates.csv that was exported with it"
    )


@pytest.mark.parametrize("column", ["grade", "guide_version", "question_version"])
def test_a_wrong_cell_of_an_exported_file_is_named(desk: Desk, exported: str, column: str) -> None:
    head, first, *rest = JUDGEMENTS.splitlines()
    cells = dict(zip(head.split(","), first.split(","), strict=True)) | {column: "x"}
    desk.file("run/judgements.csv", "\n".join([head, ",".join(cells.values()), *rest]))
    assert desk.refusal(exported).startswith(
        f"run/judgements.csv, line 2, column {column}: found 'x', expected a whole number 0 to "
    )


def test_files_of_trec_are_compared_query_by_query(desk: Desk) -> None:
    qrels = desk.file("judged.qrels", "q1 0 a 2\nq1 0 b 1\nq2 0 a 0\nq3 0 c 1\n")
    old = desk.file("old.run", "q1 Q0 a 1 0.9 old\nq2 Q0 a 1 0.9 old\nq2 Q0 z 2 0.8 old\n")
    new = desk.file("new.run", "q1 Q0 b 9 0.1 new\nq1 Q0 a 9 0.2 new\nq3 Q0 c 1 1 new\n")
    before, after = desk.figures(old, qrels, new)["systems"]
    assert (before["name"], after["name"]) == ("old", "new")
    grades = [[4, -2, -2, -2, -2], [1, -1, -2, -2, -2], [-2] * 5]
    assert before["similar"] == relevance_at_5(grades, ["q1", "q2", "q3"]).similar.as_dict()
    assert after["extremely_similar"]["value"] == 1 / 15


def test_wrong_files_of_trec_are_refused(desk: Desk) -> None:
    qrels, run = desk.file("a.qrels", "q1 0 a 2\n"), desk.file("a.run", "q1 Q0 a 1 0.9 old\n")
    alone = ": expected one .qrels file and one or more .run files; found"
    assert desk.refusal(qrels) == f"a.qrels{alone} no .run file"
    assert desk.refusal(run) == f"a.run{alone} no .qrels file"
    assert desk.refusal(run, qrels, qrels) == f"a.run{alone} 2 .qrels files"
    assert desk.refusal(run, qrels, desk.file("judged.csv", HEAD)) == f"a.run{alone} judged.csv"
    assert desk.refusal(desk.file("b.qrels", "q1 0 a 2\nq1 a 2\n"), run) == (
        "b.qrels, line 2: found 3 columns, expected query 0 product level"
    )
    assert desk.refusal(qrels, desk.file("b.run", "q1 Q0 a 1 x old\n")) == (
        "b.run, line 1: found score 'x', expected a finite number"
    )
    assert desk.refusal(desk.file("b.qrels", "q1 0 b 1\n\nq1 0 a 7\n"), run) == (
        "b.qrels, line 3: found level '7', expected 0, 1 or 2"
    )


def test_levels_of_trec_tell_three_grades_apart(desk: Desk) -> None:
    qrels = desk.file("a.qrels", "q 0 a 2\nq 0 b 1\nq 0 c 0\nq 0 d 0\n")
    run = desk.file("a.run", "".join(f"q Q0 {product} 1 1 old\n" for product in "abcd"))
    text = desk.text(qrels, run)
    assert "Extremely Similar 25.0 %, Similar 25.0 %, other 50.0 %\n" in text
    assert "Did Not Load" not in text
    (system,) = desk.figures(qrels, run)["systems"]
    assert system["grade_mix"] == {"4": 0.25, "3": 0.25, "other": 0.5}
    assert "without_did_not_load" not in system


def test_a_run_about_other_queries_is_remarked_on(desk: Desk) -> None:
    qrels, run = desk.file("a.qrels", "q1 0 a 2\n"), desk.file("b.run", "z1 Q0 a 1 0.9 old\n")
    remark = "b.run and a.qrels share no query: 'z1' in the one, 'q1' in the other."
    assert f"\n  {remark}\n" in desk.text(qrels, run)
    assert desk.figures(qrels, run)["systems"][0]["remarks"] == [remark]


@pytest.mark.real
def test_the_figure_that_trec_eval_prints_comes_out(desk: Desk, known_answers: Path) -> None:
    folder = known_answers / "trec_eval"
    qrels = desk.file("test.qrels", (folder / "qrels.test.txt").read_text())
    run = desk.file("test.run", (folder / "results.test.txt").read_text())
    (system,) = desk.figures(qrels, run)["systems"]
    assert round(system["similar"]["value"], 4) == 0.2667
