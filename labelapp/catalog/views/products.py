"""Products: the list with its filters, and one of them."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from labelapp.catalog.annotations import shown_annotations
from labelapp.catalog.forms import ProductFilter
from labelapp.catalog.models import Product
from labelapp.people.access import UserRequest, staff_required

PER_PAGE = 50
SORTS = {"title": "title", "price": "price", "id": "external_id", "added": "pk"}


@staff_required
def product_list(request: UserRequest) -> HttpResponse:
    products = Product.objects.listed()
    sources = list(Product.objects.order_by("source").values_list("source", flat=True).distinct())
    form = ProductFilter(request.GET, sources=sources)
    sort = request.GET.get("sort", "-added")
    found = products.filter(form.condition()).order_by(*order_by(sort, SORTS))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalog/product_list.html", {"page": page, "form": form, "sort": sort})


@staff_required
def product_detail(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    product = get_object_or_404(Product.objects.listed(), public_id=public_id)
    pairs = product.pairs.select_related("scene__image")[:60]
    crumbs = [("Products", reverse("product_list")), (str(product), "")]
    context = {"product": product, "pairs": pairs, "crumbs": crumbs}
    context["annotations"] = list(shown_annotations(product))
    return render(request, "catalog/product_detail.html", context)


def order_by(sort: str, sorts: dict[str, str]) -> list[str]:
    """Return the order of a list for `key` or `-key`; no two rows are equal in it, so no pages overlap."""
    field = sorts.get(sort.removeprefix("-"), "pk")
    sign = "-" if sort.startswith("-") else ""
    return [f"{sign}{field}", f"{sign}pk"]
