"""Picture files behind signed addresses."""

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from labelapp.catalog.crop_files import crop_file
from labelapp.catalog.image_urls import AddressRefused, ImageKind, Wanted, read_token
from labelapp.catalog.models import Image
from labelapp.people.models import Role, User


@login_not_required  # a picture that redirects to the sign-in page would look like a broken one
@require_safe
def image_file(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        image, wanted = _wanted(request.user, token)
        return _cached(_response(image, wanted), wanted)
    except AddressRefused as refused:
        words, status = str(refused), refused.status
    except FileNotFoundError:
        words, status = "The file of this picture is missing in the storage; import it again.", 404
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)


def _wanted(user: User | AnonymousUser, token: str) -> tuple[Image, Wanted]:
    if not user.is_authenticated:
        raise AddressRefused("Sign in to see pictures.", status=403)
    wanted = read_token(token)
    if wanted.kind is ImageKind.ORIGINAL and not user.has_role(Role.Name.ENGINEER, Role.Name.EXPERT):
        raise AddressRefused("Originals are for engineers and experts.", status=403)
    image = Image.objects.filter(public_id=wanted.public_id).first()
    if image is None:
        raise AddressRefused("This picture is not in the catalog any more.", status=404)
    return image, wanted


def _response(image: Image, wanted: Wanted) -> HttpResponseBase:
    if wanted.box:
        return HttpResponse(crop_file(image, wanted.box), content_type="image/jpeg")
    names = {
        ImageKind.DISPLAY: image.display_name,
        ImageKind.THUMB: image.thumbnail_name,
        ImageKind.ORIGINAL: image.storage_name,
    }
    name = names[wanted.kind]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    # As it came in: saved, not shown, since the bytes behind the pixels are not ours.
    download = wanted.kind is ImageKind.ORIGINAL
    return FileResponse(default_storage.open(name), content_type=kind, as_attachment=download)


def _cached(response: HttpResponseBase, wanted: Wanted) -> HttpResponseBase:
    response["Cache-Control"] = f"private, max-age={wanted.seconds_left}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
