from django.urls import re_path

from movies import api

# With or without a trailing slash. The list itself is at `showtimes`, which adds filters to it.
api_urlpatterns = [re_path(r"^movies/(?P<movie_id>[0-9]+)/?$", api.MovieDetail.as_view())]
