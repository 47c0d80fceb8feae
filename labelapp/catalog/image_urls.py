"""Addresses of pictures: signed, expiring, and the same all day so that browsers keep what they loaded."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from labelapp.catalog.crops import PixelBox
from labelapp.catalog.errors import CatalogError
from labelapp.catalog.models import Image

DAY = 86_400
TOKEN = re.compile(r"(display|thumb|crop|original)\.([0-9a-f]{32})\.(\d+)(?:\.(\d+)-(\d+)-(\d+)-(\d+))?")


class ImageKind(StrEnum):
    DISPLAY = "display"
    THUMB = "thumb"
    CROP = "crop"
    ORIGINAL = "original"


class AddressRefused(CatalogError):  # noqa: N818  # reads as what happened
    """An address of a picture that leads nowhere, with the HTTP status that says so."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address stands for; it ends at the start of that day (UTC, days since 1970)."""

    kind: ImageKind
    public_id: uuid.UUID
    box: PixelBox | None
    last_day: int

    @property
    def seconds_left(self) -> int:
        return max(0, self.last_day * DAY - int(timezone.now().timestamp()))


def image_url(image: Image, kind: ImageKind | str, box: PixelBox | None = None) -> str:
    """Return the address of a rendition, or of the crop `x, y, w, h`."""
    kind = ImageKind(kind)
    if (kind is ImageKind.CROP) != (box is not None):
        raise ValueError(f"A box goes with a crop and with nothing else; got {kind.value} and {box}.")
    last_day = int(timezone.now().timestamp()) // DAY + settings.IMAGE_URL_SECONDS // DAY
    token = f"{kind.value}.{image.public_id.hex}.{last_day}"
    if box:
        token += "." + "-".join(str(int(side)) for side in box)
    return reverse("image_file", args=[_signer().sign(token)])


def read_token(signed: str) -> Wanted:
    """Return what a token stands for; raises `AddressRefused`."""
    try:
        found = TOKEN.fullmatch(_signer().unsign(signed))
    except BadSignature:
        found = None
    if found is None:
        raise AddressRefused("This is not the address of a picture.", status=404)
    kind, public_id, last_day, *sides = found.groups()
    box = (int(sides[0]), int(sides[1]), int(sides[2]), int(sides[3])) if sides[0] else None
    wanted = Wanted(ImageKind(kind), uuid.UUID(public_id), box, int(last_day))
    if not wanted.seconds_left:
        ended = dt.date(1970, 1, 1) + dt.timedelta(days=wanted.last_day)
        raise AddressRefused(f"This address of a picture ended on {ended}; load the page again.", status=410)
    return wanted


def _signer() -> Signer:
    return Signer(salt="labelapp.catalog.image_urls")
