from django.urls import path, re_path

from showtimes.api import showtimes
from showtimes.pages import programme

# With or without a trailing slash. A longer number than a key can be is no address.
api_urlpatterns = [
    re_path(r"^movies/?$", showtimes.MovieListByShowtime.as_view()),
    re_path(r"^movies/(?P<movie_id>[0-9]{1,18})/showtimes/?$", showtimes.MovieShowtimes.as_view()),
    re_path(r"^showtimes/(?P<showtime_id>[0-9]{1,18})/?$", showtimes.ShowtimeDetail.as_view()),
]

urlpatterns = [
    path("", programme.whats_on, name="whats-on"),
    path("whats-on/<slug:slug>/", programme.movie, name="movie"),
    path(
        "whats-on/<slug:slug>/<int:showtime_id>.ics", programme.calendar, name="showtime-calendar"
    ),
]
