"""Pages: what's on by day, and a movie with its showtimes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from movies.models import Movie
from showtimes import listing
from showtimes.whats_on import by_business_day
from showtimes.whats_on import whats_on as whats_on_page


@require_safe
def whats_on(request: HttpRequest) -> HttpResponse:
    page = whats_on_page(request.GET, now=timezone.now())
    return render(request, "showtimes/whats_on.html", {"page": page})


@require_safe
def movie(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(Movie.objects.with_genre_names(), slug=slug)
    listed = listing.listed(listing.of_movie(found.pk, now=now), now=now)
    context = {"movie": found, "days": by_business_day(listed)}
    return render(request, "showtimes/movie.html", context)
