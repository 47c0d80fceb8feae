"""The grade that a careful labeler would give, known because the products are drawn."""

from model_hooks.training.drawn_shop.designs import Design


def planted_grade(query: Design, candidate: Design) -> int:
    """Return how relevant a candidate is to what was asked for, 4..1.

    The scale is the paper's (section 4), where similar products show minor differences such as colour or
    shape; 0 (did not load) never comes.

    4. the very product
    3. of one family (other colour, pattern or slightly other shape), or the same kind in the same colour
       and pattern
    2. the same kind, or the same category in the same colour
    1. anything else
    """
    if query.id == candidate.id:
        return 4
    kind, category = query.kind == candidate.kind, query.category == candidate.category
    colour = query.material.colour == candidate.material.colour
    pattern = query.material.pattern == candidate.material.pattern
    if (query.family and query.family == candidate.family) or (kind and colour and pattern):
        return 3
    if kind or (category and colour):
        return 2
    return 1
