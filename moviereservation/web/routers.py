"""How the API's viewsets get their addresses."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import DynamicRoute, SimpleRouter

from moviereservation.web import converters  # noqa: F401 (it registers `key`)


class Router(SimpleRouter):
    """Paths with typed converters, each with and without a trailing slash.

    The REST framework's own makes a slash optional with a regular expression, where converters do
    not work. An action's address is named as the action says, without a prefix.
    """

    routes = [
        route._replace(name="{url_name}") if isinstance(route, DynamicRoute) else route
        for route in SimpleRouter.routes
    ]

    def __init__(self) -> None:
        super().__init__(trailing_slash=False, use_regex_path=False)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        plain = super().get_urls()
        return [*plain, *map(_with_slash, plain)]


def _with_slash(address: Any) -> URLPattern:
    """The same view once more. Only the plain form has a name, so that links lead there."""
    with_slash: URLPattern = path(f"{address.pattern}/", address.callback)
    return with_slash
