"""`python -m evaluator retrieval`: how often the nearest binary code is that of the right product."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from itertools import chain

from evaluator import checks
from evaluator.command import Command
from evaluator.command.code_files import CodeFile, read_codes, refuse_unpacked
from evaluator.command.findings import Explained, Findings, Section, estimated, many, percent
from evaluator.errors import EvaluationError
from evaluator.file_error import FileError, named, quoted
from evaluator.retrieval import HitShare, precision_at_1, recall_at_k

FILES = """\
Give two or three files: queries, corpus and, if there are any, distractors.

  codes.npz     as numpy.savez(file, codes=..., products=...) writes it. codes: packed bits, uint8 of shape
                (codes, bytes), as numpy.packbits(features > 0, axis=1) gives them. products: the id of the
                right product of each code, text or whole numbers; a second axis, filled up with empty text,
                holds several right ones. Distractors need codes alone.
  codes.npy     the codes alone; their products stand in codes.txt beside it, one line per code, several
                right ones divided by tabs.

Codes that tie are counted as if in random order; "best" and "worst" break every tie for and against the right
product. A query whose product is not in the corpus is a miss.

example, making the files:
  numpy.savez("queries.npz", codes=numpy.packbits(q > 0, axis=1), products=["p1", "p2"])

  python -m evaluator retrieval queries.npz corpus.npz
  python -m evaluator retrieval queries.npz corpus.npz distractors.npz --k 5 --k 100 --json
"""
KS = (5, 10)


def add_options(parser: ArgumentParser) -> None:
    """Add what `retrieval` asks for besides the files."""
    parser.add_argument(
        "--k", type=int, action="append", metavar="K", help="depth of recall@k; repeat (5 and 10)"
    )


def find(options: Namespace) -> Findings:
    """Return P@1 and recall@k of the queries in the corpus."""
    files = options.files
    if len(files) not in (2, 3):
        raise EvaluationError("FILE", f"expected queries, corpus and perhaps distractors, found {len(files)}")
    queries, corpus = (read_codes(path, with_products=True) for path in files[:2])
    if not len(corpus.codes):
        raise FileError(files[1], "holds no codes, expected those to search")
    extra = read_codes(files[2], with_products=False).codes if len(files) == 3 else None
    refuse_unpacked(files, [codes for codes in (queries.codes, corpus.codes, extra) if codes is not None])
    given = (queries.codes, queries.products, corpus.codes, corpus.products)
    with named(dict(zip(("query", "corpus", "distractors"), files, strict=False))):
        first = precision_at_1(*given, distractors=extra)
        ks = [checks.positive("--k", k) for k in options.k or KS]
        recalls = {k: recall_at_k(*given, k=k, distractors=extra) for k in ks}
    shares = {"P@1": first} | {f"Recall@{k}": recall for k, recall in recalls.items()}
    heading = _size(queries, corpus, 0 if extra is None else len(extra))
    figures = {
        "precision_at_1": _figures(first),
        "recall_at_k": [_figures(each) for each in recalls.values()],
    }
    oddities = Section("To look at", _oddities(first), _strangers(first, queries, corpus))
    return Findings([Section(heading, _rows(shares)), oddities], figures)


def _size(queries: CodeFile, corpus: CodeFile, extra: int) -> str:
    bits = 8 * queries.codes.shape[1]
    sizes = f"{many(len(queries.codes), 'queries')} in {many(len(corpus.codes), 'codes')} of {bits} bits"
    return f"{sizes}, {many(extra, 'distractors')}"


def _rows(shares: Mapping[str, HitShare]) -> list[tuple[str, ...]]:
    return [
        (
            name,
            estimated(share.interval, "queries"),
            f"worst {percent(share.worst)}, best {percent(share.best)}",
        )
        if share.n
        else (name, estimated(share.interval, "queries"))
        for name, share in shares.items()
    ]


def _oddities(share: HitShare) -> list[tuple[str, str]]:
    return [
        ("Queries without a right product in the corpus, each a miss", str(share.absent)),
        (
            "Distractors like a right code, perhaps false misses (rows with --json)",
            str(len(share.duplicates)),
        ),
    ]


def _strangers(share: HitShare, queries: CodeFile, corpus: CodeFile) -> list[str]:
    """Return a remark where the two files name no product in common."""
    if not share.n or share.absent < share.n:
        return []
    one, other = (quoted(min(chain(*side.products), default="")) for side in (queries, corpus))
    return [f"No query has its product in the corpus: {one} here, {other} there; are these the same ids?"]


def _figures(share: HitShare) -> Explained:
    """Return what JSON says: all but the hits of single queries."""
    names = [name for name in share.__dataclass_fields__ if name != "hits"]
    return Explained({name: getattr(share, name) for name in names}, "no queries")


COMMAND = Command(
    "retrieval", "P@1 and recall@k of binary codes, ties counted fairly", FILES, add_options, find
)
