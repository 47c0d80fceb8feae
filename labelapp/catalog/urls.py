"""Addresses of the catalog."""

from django.urls import path

from labelapp.catalog.views.images import image_file
from labelapp.catalog.views.imports import (
    import_create,
    import_detail,
    import_go_on,
    import_list,
    import_rejected,
    import_stop,
)
from labelapp.catalog.views.overview import catalog_overview, category_list
from labelapp.catalog.views.products import product_detail, product_list
from labelapp.catalog.views.scenes import scene_detail, scene_list

urlpatterns = [
    path("images/<str:token>/", image_file, name="image_file"),
    path("catalog/", catalog_overview, name="catalog_overview"),
    path("catalog/products/", product_list, name="product_list"),
    path("catalog/products/<uuid:public_id>/", product_detail, name="product_detail"),
    path("catalog/scenes/", scene_list, name="scene_list"),
    path("catalog/scenes/<uuid:public_id>/", scene_detail, name="scene_detail"),
    path("catalog/categories/", category_list, name="category_list"),
    path("catalog/imports/", import_list, name="import_list"),
    path("catalog/imports/new/", import_create, name="import_create"),
    path("catalog/imports/<uuid:public_id>/", import_detail, name="import_detail"),
    path("catalog/imports/<uuid:public_id>/rejected.csv", import_rejected, name="import_rejected"),
    path("catalog/imports/<uuid:public_id>/stop/", import_stop, name="import_stop"),
    path("catalog/imports/<uuid:public_id>/go-on/", import_go_on, name="import_go_on"),
]
