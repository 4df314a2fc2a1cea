"""What search engines and phones ask a site for: robots.txt, the map of the site, the manifest."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from moviereservation.web.addresses import site_url
from movies.models import Movie
from showtimes.formats import cinema_name
from showtimes.programme import listing

# Nobody finds a movie there; and filters add up to more pages than there are movies.
NOT_FOR_ROBOTS = ("/account/", "/admin/", "/auth/", "/checkout/", "/door/", "/payment/", "/*?")
ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any"),
         ("img/icon-maskable.png", "512x512", "maskable"))  # fmt: skip
ENAMEL = "#002b2b"


class _OfThisSite(Sitemap):
    """Addresses as guests know them, whatever host a proxy asks for."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(urlsplit(settings.SITE_URL).scheme)

    def get_domain(self, site: Any = None) -> str:
        return str(urlsplit(settings.SITE_URL).netloc)


class FrontPage(_OfThisSite):
    changefreq = "daily"

    def items(self) -> list[str]:
        return ["whats-on"]

    def location(self, item: str) -> str:
        return reverse(item)


class Movies(_OfThisSite):
    """Those with a showtime on sale, and those that are coming."""

    limit = 5000

    def items(self) -> Any:
        now = timezone.now()
        showing = Movie.objects.filter(pk__in=listing.movies_showing(now=now))
        return (showing | Movie.objects.filter(pk__in=listing.coming_soon(now=now))).by_title()

    def lastmod(self, item: Movie) -> datetime:
        return item.updated_at


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    return sitemap(request, {"pages": FrontPage, "movies": Movies})


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    refused = "".join(f"Disallow: {path}\n" for path in NOT_FOR_ROBOTS)
    where = f"Sitemap: {site_url(reverse('sitemap'))}\n"
    return HttpResponse(f"User-agent: *\n{refused}\n{where}", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """https://www.w3.org/TR/appmanifest/"""
    return JsonResponse(
        {
            "name": cinema_name(),
            "short_name": cinema_name()[:24],
            "lang": settings.LANGUAGE_CODE,
            "id": "/",
            "start_url": reverse("whats-on"),
            "display": "minimal-ui",
            "theme_color": ENAMEL,
            "background_color": ENAMEL,
            "icons": [
                {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for path, sizes, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
    )
