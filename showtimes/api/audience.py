"""Who asks for showtimes: everybody, or staff who also see drafts."""

from rest_framework.request import Request


def may_see_drafts(request: Request) -> bool:
    """Whoever may not even open the back office is not asked for permissions: two queries less."""
    person = request.user
    works_here = person.is_staff or person.is_superuser
    return bool(works_here and person.has_perm("showtimes.view_showtime"))


def cache_control(request: Request) -> str:
    return "public, max-age=0" if request.auth is None else "private"
