"""All addresses of the site."""

from django.contrib.auth import views as auth_views
from django.urls import include, path

from labelapp.people.sign_in import SignInView

urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("api/v1/", include("labelapp.api.urls")),
    path("", include("labelapp.home.urls")),
    path("", include("labelapp.tasks.urls")),
    path("", include("labelapp.catalog.urls")),
    path("", include("labelapp.evaluations.urls")),
]

handler400 = "labelapp.home.error_pages.bad_request"
handler403 = "labelapp.home.error_pages.permission_denied"
handler404 = "labelapp.home.error_pages.page_not_found"
handler500 = "labelapp.home.error_pages.server_error"
