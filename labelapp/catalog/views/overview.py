"""What is in the catalog, and how to bring more in."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render

from labelapp.catalog.models import Category, Domain, Image, ImportBatch, Product, Scene, ScenePair
from labelapp.people.access import UserRequest, staff_required


@staff_required
def catalog_overview(request: UserRequest) -> HttpResponse:
    context = {
        "products": Product.objects.count(),
        "scenes": Scene.objects.count(),
        "pairs": ScenePair.objects.count(),
        "images": Image.objects.count(),
        "categories": Category.objects.count(),
        "sources": _sources(),
        "imports": ImportBatch.objects.select_related("started_by")[:5],
    }
    return render(request, "catalog/overview.html", context)


@staff_required
def category_list(request: UserRequest) -> HttpResponse:
    """The coarse categories of both domains with their numbers of products."""
    coarse = Category.objects.coarse().annotate(
        product_count=Count("members__products", distinct=True),
        member_count=Count("members", distinct=True, filter=~Q(members__slug__isnull=False)),
    )
    domains = [(domain.label, coarse.filter(domain=domain).order_by("name")) for domain in Domain]
    context = {
        "domains": domains,
        "any_coarse": coarse.exists(),
        "total": Category.objects.count(),
        "uncategorized": Product.objects.filter(category__coarse=None).count(),
    }
    return render(request, "catalog/category_list.html", context)


def _sources() -> list[dict[str, object]]:
    """Products and scenes per source."""
    counts: dict[str, dict[str, int]] = {}
    for noun, model in (("products", Product), ("scenes", Scene)):
        rows = model._default_manager.values("source").annotate(count=Count("pk")).order_by("source")
        for row in rows:
            counts.setdefault(row["source"], {})[noun] = row["count"]
    return [{"name": name, **counts[name]} for name in sorted(counts)]
