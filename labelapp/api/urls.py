"""Addresses of the REST interface."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from labelapp.api import views

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="api_schema"),
    path("projects/<slug:slug>/claim", views.claim, name="api_claim"),
    path("slots/<uuid:slot>/draft", views.draft, name="api_draft"),
    path("slots/<uuid:slot>/renew", views.renew, name="api_renew"),
    path("slots/<uuid:slot>/skip", views.skip, name="api_skip"),
    path("slots/<uuid:slot>/return", views.give_back, name="api_return"),
    path("slots/<uuid:slot>/submit", views.submit_answer, name="api_submit"),
]
