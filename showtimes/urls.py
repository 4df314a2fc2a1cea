from django.urls import path, re_path

from showtimes import api, views

# With or without a trailing slash. A longer number than a key can be is no address.
api_urlpatterns = [
    re_path(r"^movies/?$", api.MovieListByShowtime.as_view()),
    re_path(r"^movies/(?P<movie_id>[0-9]{1,18})/showtimes/?$", api.MovieShowtimes.as_view()),
    re_path(r"^showtimes/(?P<showtime_id>[0-9]{1,18})/?$", api.ShowtimeDetail.as_view()),
]

urlpatterns = [
    path("", views.whats_on, name="whats-on"),
    path("whats-on/<slug:slug>/", views.movie, name="movie"),
    path("whats-on/<slug:slug>/<int:showtime_id>.ics", views.calendar, name="showtime-calendar"),
]
