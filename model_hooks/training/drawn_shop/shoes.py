"""Shoes, always a pair, each seen from the side and a little from above with its toes outwards."""

from collections.abc import Callable

from model_hooks.training.drawn_shop.body import Body
from model_hooks.training.drawn_shop.boots import boot
from model_hooks.training.drawn_shop.canvas import Layer
from model_hooks.training.drawn_shop.designs import GENDERS, Design, Kind
from model_hooks.training.drawn_shop.feet import Foot, ankle_strap, paint_laces, paint_sole, sole_colour
from model_hooks.training.drawn_shop.seams import shaded

Paint = Callable[[Foot], None]


def _pair(paint: Paint) -> Callable[[Layer, Design, Body], None]:
    """Return the function that paints the left and the right shoe."""

    def wear(layer: Layer, design: Design, body: Body) -> None:
        for side in (0, 1):
            paint(Foot(layer, design, body, side))

    return wear


def _sneaker(foot: Foot) -> None:
    design = foot.design
    thick, bulk = design.knob("sole", 0.04, 0.15), design.knob("bulk", 0.0, 0.06)
    collar = (0.34, 0.34, 0.50, 0.64)[int(design.knob("height", 0, 3.99))]
    paint_sole(foot, sole_colour(design), thick=thick, toe=1.05 + bulk)
    if design.knob("sole") > 0.5:
        foot.line(
            [(-0.05, -thick * 0.45), (0.5, -thick * 0.5), (1.02, -thick * 0.4)], design.trim, width=0.022
        )
    _sneaker_upper(foot, bulk, collar)
    foot.fill([(-0.05, 0.06), (-0.07, 0.2), (0.03, 0.34), (0.1, 0.3), (0.1, 0.08)], design.trim, rounds=1)
    _side_mark(foot, design.knob("mark"))
    paint_laces(foot, low=(0.74, 0.24 + bulk), high=(0.5, collar - 0.02), count=3 + int(collar * 5))


def _sneaker_upper(foot: Foot, bulk: float, collar: float) -> None:
    """Paint the upper, its opening and its toe."""
    back = [(-0.05, 0.0), (-0.06 - bulk, 0.16), (0.02, 0.3), (0.04, collar + 0.05), (0.12, collar + 0.03)]
    front = [
        (0.3, collar - 0.04),
        (0.47, collar + 0.03),
        (0.52, min(collar, 0.42) - 0.02),
        (0.72, 0.25 + bulk),
    ]
    toe = [(0.92, 0.21 + bulk), (1.05 + bulk, 0.12), (1.05 + bulk, 0.0)]
    foot.fill(back + front + toe)
    foot.fill(
        [(0.12, collar), (0.3, collar - 0.06), (0.44, collar), (0.3, collar + 0.05)], (60, 58, 60), rounds=2
    )
    if foot.design.knob("cap") > 0.5:
        cap = [
            (0.8, 0.0),
            (0.76, 0.1),
            (0.82, 0.22 + bulk),
            (0.95, 0.19 + bulk),
            (1.05 + bulk, 0.1),
            (1.05, 0.0),
        ]
        foot.fill(cap, sole_colour(foot.design), rounds=1)
    else:
        foot.line([(0.72, 0.03), (0.70, 0.14), (0.76, 0.22)])


def _side_mark(foot: Foot, mark: float) -> None:
    """Paint what tells makers apart: stripes, a swoosh, a star-like patch or nothing."""
    trim = foot.design.trim
    if mark < 0.3:
        for x in (0.34, 0.44, 0.54):
            foot.line([(x, 0.04), (x + 0.06, 0.26)], trim, width=0.04, rounds=0)
    elif mark < 0.55:
        foot.fill([(0.16, 0.2), (0.3, 0.06), (0.44, 0.08), (0.68, 0.24), (0.4, 0.15), (0.26, 0.14)], trim)
    elif mark < 0.8:
        foot.fill([(0.3, 0.08), (0.34, 0.26), (0.5, 0.26), (0.52, 0.08)], trim, rounds=1)


def _pump(foot: Foot) -> None:
    design = foot.design
    high, point = design.knob("heel", 0.12, 0.5), design.knob("toe", 0.0, 0.13)
    platform = max(design.knob("platform", -0.08, 0.09), 0.0)
    _heel(foot, high, platform)
    under = 0.03 + platform
    sole = [
        (-0.03, 0.02),
        (0.2, -0.02),
        (0.55, -under),
        (0.98 + point, -under),
        (1.02 + point, 0.03),
        (0.5, 0.03),
    ]
    foot.fill(sole, shaded(design.trim, 0.85), rounds=1)
    vamp = design.knob("vamp", 0.7, 0.52)
    back = [(-0.03, 0.0), (-0.06, 0.14), (-0.01, 0.33), (0.07, 0.35)]
    top = [
        (0.2, 0.16),
        (0.45, 0.09),
        (vamp, 0.17),
        (vamp + 0.08, 0.26),
        (0.85, 0.2),
        (1.0 + point, 0.12 - point / 2),
    ]
    foot.fill([*back, *top, (1.05 + point, 0.03), (0.9, -0.02), (0.5, -0.01)])
    foot.line([(0.06, 0.33), (0.2, 0.16), (0.45, 0.1), (vamp, 0.17)], width=0.018)
    _pump_straps(foot, vamp)


def _pump_straps(foot: Foot, vamp: float) -> None:
    """Paint a strap round the ankle or over the instep, and a bow."""
    design = foot.design
    strap = design.knob("strap")
    if strap > 0.7:
        ankle_strap(foot, 0.46)
    elif strap > 0.4:
        foot.line([(0.32, 0.1), (0.38, 0.36), (0.5, 0.36), (0.6, 0.2)], foot.design.trim, width=0.05)
    if design.knob("bow") > 0.6:
        x, y = vamp + 0.12, 0.25
        foot.fill([(x, y), (x - 0.1, y + 0.08), (x - 0.08, y - 0.07)], design.trim, rounds=1)
        foot.fill([(x, y), (x + 0.1, y + 0.05), (x + 0.08, y - 0.1)], design.trim, rounds=1)


def _heel(foot: Foot, high: float, platform: float) -> None:
    """Paint a stiletto, a block or a wedge below the heel of the foot."""
    sort, trim = foot.design.knob("heel_sort"), foot.design.trim
    if sort < 0.4:
        foot.fill([(-0.05, 0.06), (-0.01, -high), (0.05, -high), (0.08, -0.1), (0.22, 0.02)], trim, rounds=1)
    elif sort < 0.75:
        foot.fill([(-0.05, 0.06), (-0.04, -high), (0.18, -high), (0.24, 0.02)], trim, rounds=0)
    else:
        low = -0.04 - platform
        foot.fill([(-0.05, 0.05), (-0.04, -high), (0.25, -high), (0.9, low), (0.95, 0.02)], trim, rounds=0)


def _sandal(foot: Foot) -> None:
    design = foot.design
    thick, wedge = design.knob("sole", 0.04, 0.14), design.knob("wedge")
    paint_sole(foot, shaded(design.trim, 0.9), thick=thick, heel=max(wedge - 0.6, 0) * 0.7)
    if wedge > 0.6:
        foot.fill(
            [
                (-0.05, 0.0),
                (-0.05, -0.7 * wedge * 0.5),
                (0.3, -0.3 * wedge),
                (0.8, -thick),
                (1.03, -thick * 0.8),
                (1.03, 0.0),
            ],
            design.trim,
            rounds=0,
        )
    foot.fill(
        [(-0.05, 0.0), (-0.03, 0.05), (0.5, 0.06), (1.0, 0.05), (1.03, 0.0)],
        shaded(design.trim, 1.25),
        rounds=1,
    )
    if design.knob("ankle") > 0.4:
        high = 0.44 if design.knob("ankle") < 0.7 else 0.56
        ankle_strap(foot, high)
        foot.fill([(0.44, high), (0.49, high), (0.56, 0.31), (0.6, 0.22), (0.5, 0.28)], rounds=0)
    foot.fill([(0.47, 0.3), (0.48, 0.37), (0.66, 0.28), (0.88, 0.19), (0.88, 0.12), (0.66, 0.2)], rounds=0)
    _bands(foot)
    if design.knob("buckle") > 0.5:
        foot.fill([(0.6, 0.12), (0.6, 0.2), (0.7, 0.19), (0.7, 0.11)], (206, 178, 96), rounds=0)


def _bands(foot: Foot) -> None:
    """Paint the straps over the toes: one broad, two, or three."""
    straps, half = foot.design.knob("straps"), foot.design.knob("width", 0.04, 0.08)
    if straps < 0.3:
        top = [(0.44, 0.3), (0.5, 0.33), (0.62, 0.29), (0.78, 0.23), (0.86, 0.18)]
        foot.fill([(0.46, 0.0), *top, (0.88, 0.0)], rounds=0)
        foot.line([(0.5, 0.02), (0.48, 0.29)], width=0.02, rounds=0)
        return
    for x, top_y in ((0.86, 0.18), (0.67, 0.27), (0.5, 0.36))[: 2 + (straps > 0.65)]:
        back = [(x + 0.02 - half, 0.0), (x - 0.02 - half, top_y * 0.7), (x - half, top_y)]
        front = [(x + half * 0.6, top_y - 0.02), (x + half, top_y * 0.6), (x + half + 0.03, 0.0)]
        foot.fill([*back, *front], rounds=0)


def _loafer(foot: Foot) -> None:
    design = foot.design
    paint_sole(
        foot,
        shaded(design.trim, 0.75),
        thick=design.knob("sole", 0.035, 0.12),
        heel=design.knob("heel", 0.02, 0.1),
    )
    point, vamp = design.knob("toe", 0.0, 0.1), design.knob("vamp", 0.60, 0.42)
    back = [(-0.05, 0.0), (-0.06, 0.16), (-0.01, 0.31), (0.08, 0.33)]
    top = [
        (0.25, 0.24),
        (vamp - 0.06, 0.26),
        (vamp, 0.38),
        (vamp + 0.1, 0.36),
        (0.78, 0.25),
        (0.97, 0.18 - point / 2),
    ]
    foot.fill([*back, *top, (1.05 + point, 0.08), (1.05 + point, 0.0)])
    foot.line([(vamp + 0.14, 0.2), (0.8, 0.17), (0.95, 0.13), (1.0, 0.07)], width=0.022)
    foot.line([(0.07, 0.31), (0.25, 0.23), (vamp - 0.05, 0.26)], width=0.02)
    sort = design.knob("ornament")
    if sort < 0.3:
        foot.fill(
            [(vamp - 0.02, 0.04), (vamp + 0.02, 0.34), (vamp + 0.15, 0.33), (vamp + 0.14, 0.03)],
            shade=0.78,
            rounds=0,
        )
        foot.fill(
            [(vamp + 0.04, 0.17), (vamp + 0.05, 0.23), (vamp + 0.12, 0.22), (vamp + 0.11, 0.16)],
            (30, 26, 26),
            rounds=1,
        )
    elif sort < 0.55:
        foot.line([(vamp - 0.02, 0.24), (vamp + 0.14, 0.27)], (206, 178, 96), width=0.04, rounds=0)
    elif sort < 0.8:
        for x in (0.0, 0.07):
            foot.fill(
                [(vamp + x + 0.02, 0.32), (vamp + x, 0.14), (vamp + x + 0.08, 0.13), (vamp + x + 0.06, 0.32)],
                design.trim,
                rounds=1,
            )
    else:
        paint_laces(foot, low=(vamp + 0.16, 0.29), high=(vamp + 0.04, 0.35), count=3)


FABRICS = ("leather", "leather", "cotton", "knit", "denim")
KINDS: tuple[Kind, ...] = (
    Kind(
        name="sneakers",
        category="shoes",
        knobs=("sole", "bulk", "height", "cap", "mark"),
        fabrics=FABRICS,
        patterns=("solid", "solid", "animal", "graphic", "dotted", "plaid"),
        price=(29, 180),
        words=("sneakers", "trainers", "running shoes"),
        genders=GENDERS,
        wear=_pair(_sneaker),
        share=1.4,
    ),
    Kind(
        name="boots",
        category="shoes",
        knobs=("shaft", "heel", "width", "sole", "toe", "cuff", "closure"),
        fabrics=("leather", "leather", "leather", "knit"),
        patterns=("solid", "solid", "animal"),
        price=(49, 260),
        words=("boots", "leather boots", "winter boots"),
        genders=GENDERS,
        wear=_pair(boot),
    ),
    Kind(
        name="pumps",
        category="shoes",
        knobs=("heel", "heel_sort", "toe", "platform", "vamp", "strap", "bow"),
        fabrics=("leather", "leather", "silk", "lace"),
        patterns=("solid", "solid", "animal", "dotted", "floral"),
        price=(35, 220),
        words=("pumps", "high heels", "court shoes"),
        genders=("women",),
        wear=_pair(_pump),
    ),
    Kind(
        name="sandals",
        category="shoes",
        knobs=("sole", "wedge", "straps", "width", "ankle", "buckle"),
        fabrics=("leather", "leather", "cotton", "knit"),
        patterns=("solid", "solid", "animal", "striped", "floral"),
        price=(19, 120),
        words=("sandals", "strappy sandals", "summer sandals"),
        genders=GENDERS,
        wear=_pair(_sandal),
    ),
    Kind(
        name="loafers",
        category="shoes",
        knobs=("sole", "heel", "toe", "vamp", "ornament"),
        fabrics=("leather", "leather", "knit", "silk"),
        patterns=("solid", "solid", "solid", "animal"),
        price=(35, 190),
        words=("loafers", "moccasins", "slip-on shoes"),
        genders=GENDERS,
        wear=_pair(_loafer),
        share=0.9,
    ),
)
