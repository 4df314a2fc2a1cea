"""Every address of the product: the documented API at its documented paths, and the pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import path, re_path
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView

import accounts.urls
import movies.urls
import payments.urls
import reservations.urls
import showtimes.urls
from moviereservation import health, reference

urlpatterns = [
    *showtimes.urls.urlpatterns,
    *reservations.urls.urlpatterns,
    *accounts.urls.urlpatterns,
    *accounts.urls.api_urlpatterns,
    *movies.urls.api_urlpatterns,
    *showtimes.urls.api_urlpatterns,
    *payments.urls.api_urlpatterns,
    *reservations.urls.api_urlpatterns,
    path("admin/", admin.site.urls),
    re_path(r"^healthz/?$", health.healthz),
    re_path(r"^readyz/?$", health.readyz),
    re_path(r"^api/schema/?$", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", reference.docs, name="api-docs"),
    path("api/docs/problems/", reference.problems, name="api-problems"),
    # Uploaded posters. In front of a busy cinema a proxy serves them.
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]

handler400 = "moviereservation.problems.bad_request"
handler403 = "moviereservation.problems.permission_denied"
handler404 = "moviereservation.problems.not_found"
handler500 = "moviereservation.problems.server_error"
