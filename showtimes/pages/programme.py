"""Pages: what's on by day, and a movie with its showtimes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from moviereservation.business_day import business_day
from movies.models import Movie
from showtimes.calendar_file import CONTENT_TYPE, calendar_file, showtime_event
from showtimes.models import Showtime
from showtimes.pages import ended_pages
from showtimes.programme import listing, sharing
from showtimes.programme.structured_data import movie_with_showtimes
from showtimes.programme.whats_on import by_business_day
from showtimes.programme.whats_on import whats_on as whats_on_page


@require_safe
def whats_on(request: HttpRequest) -> HttpResponse:
    page = whats_on_page(request.GET, now=timezone.now())
    context = {"page": page, "sharing": sharing.of_whats_on(page)}
    return render(request, "showtimes/whats_on.html", context)


@require_safe
def movie(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    movie = get_object_or_404(Movie.objects.with_genre_names(), slug=slug)
    listed = listing.listed(listing.of_movie(movie.pk, now=now), now=now)
    if not listed and listing.was_shown(movie.pk):
        return ended_pages.movie_is_over(request, movie, now=now)
    context = {
        "movie": movie,
        "days": by_business_day(listed),
        "today": business_day(now),
        "sharing": sharing.of_movie(movie),
        "data": movie_with_showtimes(movie, listed),
    }
    return render(request, "showtimes/movie.html", context)


@require_safe
def calendar(request: HttpRequest, slug: str, showtime_id: int) -> HttpResponse:
    """A showtime for a guest's own calendar."""
    now = timezone.now()
    public = Showtime.objects.public().with_auditorium().select_related("movie")
    showtime = public.filter(pk=showtime_id, movie__slug=slug).first()
    if showtime is None:
        raise Http404
    if not showtime.sells(now=now):
        return ended_pages.showtime_is_over(request, showtime.pk, now=now)
    event = showtime_event(showtime, path=showtime.get_absolute_url())
    name = f'attachment; filename="{slug}.ics"'
    headers = {"Content-Type": CONTENT_TYPE, "Content-Disposition": name}
    return HttpResponse(calendar_file(event, now=now), headers=headers)
