from django.urls import path

from moviereservation.web.routers import Router
from showtimes.api.movie_showtimes import MovieShowtimesViewSet
from showtimes.api.movies import MovieViewSet
from showtimes.pages import programme

api = Router()
api.register("movies", MovieViewSet)
api.register("movies/<key:movie_id>/showtimes", MovieShowtimesViewSet, basename="movie-showtime")

urlpatterns = [
    path("", programme.whats_on, name="whats-on"),
    path("whats-on/<slug:slug>/", programme.movie, name="movie"),
    path(
        "whats-on/<slug:slug>/<key:showtime_id>.ics", programme.calendar, name="showtime-calendar"
    ),
]
