"""Every address of the product: the documented API at its documented paths, and the pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.generic import RedirectView
from django.views.i18n import set_language
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView

import accounts.urls
import reservations.urls
import showtimes.urls
from moviereservation import health, well_known
from moviereservation.api_docs import pages
from moviereservation.web.routers import Router

# A viewset is registered once, by the highest app that adds to it.
api = Router()
for app in (accounts.urls, showtimes.urls, reservations.urls):
    for registered in app.api.registry:
        api.register(*registered)

urlpatterns = [
    # First: programs ask the most, and of the pages most answers are ready before they come here.
    *api.urls,
    *showtimes.urls.urlpatterns,
    *reservations.urls.urlpatterns,
    *accounts.urls.urlpatterns,
    path("robots.txt", well_known.robots_txt),
    path("sitemap.xml", well_known.sitemap_xml, name="sitemap"),
    path("site.webmanifest", well_known.manifest, name="manifest"),
    # Where 1.0.0 had its outgoing messages.
    re_path(
        r"^admin/accounts/letter/(?P<rest>.*)$",
        RedirectView.as_view(
            url="/admin/accounts/outgoingmessage/%(rest)s", query_string=True, permanent=False
        ),
    ),
    path("admin/", admin.site.urls),
    # Without a token against forged forms, which would make every page another one for everybody:
    # all that a forged one could do is to change the language.
    path("language/", csrf_exempt(set_language), name="set-language"),
    re_path(r"^healthz/?$", health.healthz),
    re_path(r"^readyz/?$", health.readyz),
    re_path(r"^api/schema/?$", gzip_page(SpectacularAPIView.as_view()), name="schema"),
    path("api/docs/", pages.docs, name="api-docs"),
    path("api/docs/problems/", pages.problems, name="api-problems"),
    # Uploaded posters. In front of a busy cinema a proxy serves them.
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]

handler400 = "moviereservation.web.problems.bad_request"
handler403 = "moviereservation.web.problems.permission_denied"
handler404 = "moviereservation.web.problems.not_found"
handler500 = "moviereservation.web.problems.server_error"
