from django.urls import re_path

from movies.api import movies

# With or without a trailing slash. A longer number than a key can be is no address. The list itself
# is at `showtimes`, which adds filters to it.
api_urlpatterns = [re_path(r"^movies/(?P<movie_id>[0-9]{1,18})/?$", movies.MovieDetail.as_view())]
