"""The sample of Rafael Padilla's Object-Detection-Metrics: 7 images, 15 persons, 24 detections.

Source: github.com/rafaelpadilla/Object-Detection-Metrics, folders groundtruths and detections.
"""

from tests.evaluator.coco_samples import Record, Truth, found_of, truth_of

PERSONS = (
    # image, x, y, w, h
    (1, 25, 16, 38, 56),
    (1, 129, 123, 41, 62),
    (2, 123, 11, 43, 55),
    (2, 38, 132, 59, 45),
    (3, 16, 14, 35, 48),
    (3, 123, 30, 49, 44),
    (3, 99, 139, 47, 47),
    (4, 53, 42, 40, 52),
    (4, 154, 43, 31, 34),
    (5, 59, 31, 44, 51),
    (5, 48, 128, 34, 52),
    (6, 36, 89, 52, 76),
    (6, 62, 58, 44, 67),
    (7, 28, 31, 55, 63),
    (7, 58, 67, 50, 58),
)
DETECTIONS = (
    # image, score, x, y, w, h
    (1, 0.88, 5, 67, 31, 48),
    (1, 0.7, 119, 111, 40, 67),
    (1, 0.8, 124, 9, 49, 67),
    (2, 0.71, 64, 111, 64, 58),
    (2, 0.54, 26, 140, 60, 47),
    (2, 0.74, 19, 18, 43, 35),
    (3, 0.18, 109, 15, 77, 39),
    (3, 0.67, 86, 63, 46, 45),
    (3, 0.38, 160, 62, 36, 53),
    (3, 0.91, 105, 131, 47, 47),
    (3, 0.44, 18, 148, 40, 44),
    (4, 0.35, 83, 28, 28, 26),
    (4, 0.78, 28, 68, 42, 67),
    (4, 0.45, 87, 89, 25, 39),
    (4, 0.14, 10, 155, 60, 26),
    (5, 0.62, 50, 38, 28, 46),
    (5, 0.44, 95, 11, 53, 28),
    (5, 0.95, 29, 131, 72, 29),
    (5, 0.23, 29, 163, 72, 29),
    (6, 0.45, 43, 48, 74, 38),
    (6, 0.84, 17, 155, 29, 35),
    (6, 0.43, 95, 110, 25, 42),
    (7, 0.48, 16, 20, 101, 88),
    (7, 0.95, 33, 116, 37, 49),
)


def truth(*, longer: float = 0.0) -> Truth:
    """Ground truth, each side made longer by some pixels."""
    return truth_of([(image, 1, [x, y, w + longer, h + longer]) for image, x, y, w, h in PERSONS])


def found(*, longer: float = 0.0) -> list[Record]:
    """Detections, each side made longer by some pixels."""
    return found_of(
        [(image, 1, score, [x, y, w + longer, h + longer]) for image, score, x, y, w, h in DETECTIONS]
    )
