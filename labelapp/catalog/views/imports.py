"""Imports: the list, a new one, and how one goes."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from labelapp.catalog import uploads
from labelapp.catalog.columns import COLUMNS
from labelapp.catalog.forms import ImportForm
from labelapp.catalog.models import ImportBatch
from labelapp.catalog.rejected import rejected_as_csv
from labelapp.people.access import UserRequest, engineer_required, staff_required

PER_PAGE = 50


@staff_required
def import_list(request: UserRequest) -> HttpResponse:
    batches = ImportBatch.objects.select_related("started_by")
    page = Paginator(batches, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalog/import_list.html", {"page": page})


@engineer_required
def import_create(request: UserRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = uploads.start_upload(form.upload(), by=request.user)
        return redirect("import_detail", batch.public_id)
    columns = [(kind.label, COLUMNS[kind]) for kind in ImportBatch.Kind]
    context = {"form": form, "columns": columns, "crumbs": [("Imports", reverse("import_list")), ("New", "")]}
    return render(request, "catalog/import_create.html", context, status=422 if form.errors else 200)


@staff_required
def import_detail(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.select_related("started_by"), public_id=public_id)
    page = Paginator(batch.rejected_rows.all(), PER_PAGE).get_page(request.GET.get("page"))
    unmapped = sorted(batch.unmapped.items(), key=lambda item: (-item[1], item[0]))
    crumbs = [("Imports", reverse("import_list")), (batch.file_name, "")]
    context = {"batch": batch, "page": page, "unmapped": unmapped, "crumbs": crumbs}
    return render(request, "catalog/import_detail.html", context)


@require_safe
@staff_required
def import_rejected(request: UserRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    batch = get_object_or_404(ImportBatch, public_id=public_id)
    name = f'attachment; filename="rejected-{batch.public_id}.csv"'
    headers = {"Content-Disposition": name}
    return StreamingHttpResponse(
        rejected_as_csv(batch), content_type="text/csv; charset=utf-8", headers=headers
    )


@require_POST
@engineer_required
def import_stop(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, public_id=public_id)
    uploads.ask_to_stop(batch, by=request.user)
    return redirect("import_detail", batch.public_id)


@require_POST
@engineer_required
def import_go_on(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch, public_id=public_id)
    if not uploads.go_on(batch, by=request.user):
        messages.error(request, "This import cannot go on: its files are gone. Upload them again.")
    return redirect("import_detail", batch.public_id)
