"""Exact nearest-neighbour retrieval over binary codes, under a tree of restrictions.

`restriction` is the tree, `restriction_text` and `restriction_json` its two forms, `engine` the protocol of
the engines `postgres` (embedded default) and `snapshot` (one machine, memory-mapped).
"""
