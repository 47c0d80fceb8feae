"""Addresses of the start pages."""

from django.urls import path

from labelapp.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("simulated/", views.simulated, name="simulated"),
    path("doctor/", views.doctor, name="doctor"),
    path("style/", views.style, name="style"),
]
