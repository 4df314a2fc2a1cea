"""What a page says of itself to search engines and to whoever is sent a link to it."""

from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from moviereservation.web.addresses import site_url
from movies.models import Movie
from showtimes.formats import cinema_name, day, names, when
from showtimes.models import Showtime
from showtimes.programme.whats_on import WhatsOn

DESCRIPTION_LENGTH = 155
HOUSE_PICTURE = "img/share.png"


@dataclass(frozen=True, slots=True)
class Sharing:
    """`path` is where the page is at home; `kind` is Open Graph's. `picture` is absolute."""

    title: str
    description: str
    path: str
    picture: str
    picture_alt: str
    kind: str = "website"

    @property
    def url(self) -> str:
        return site_url(self.path)


def of_whats_on(page: WhatsOn) -> Sharing:
    """The plain day is at home at its own address, with whatever filters somebody came."""
    on = day(page.query.day)
    return Sharing(
        title=_("What’s on: %(day)s") % {"day": on},
        description=_("Movies and showtimes on %(day)s at %(cinema)s. Choose your own seats.")
        % {"day": on, "cinema": cinema_name()},
        path=page.home,
        picture=site_url(static(HOUSE_PICTURE)),
        picture_alt=cinema_name(),
    )


def of_movie(movie: Movie) -> Sharing:
    return Sharing(
        title=_("%(movie)s: times and tickets") % {"movie": movie.title},
        description=_described(movie),
        path=movie.get_absolute_url(),
        picture=_picture(movie),
        picture_alt=movie.poster_alt or movie.title,
        kind="video.movie",
    )


def of_showtime(showtime: Showtime) -> Sharing:
    """For the page on which its seats are chosen. The movie has to be at hand."""
    movie = showtime.movie
    facts = {"movie": movie.title, "when": when(showtime.starts_at), "cinema": cinema_name()}
    return Sharing(
        title=_("%(movie)s, %(when)s: choose your seats") % facts,
        description=_("Choose your own seats for %(movie)s at %(cinema)s: %(when)s.") % facts,
        path=showtime.get_absolute_url(),
        picture=_picture(movie),
        picture_alt=movie.poster_alt or movie.title,
    )


def poster_address(movie: Movie) -> str:
    """Absolute, for readers outside of our pages; "" where there is no poster."""
    poster = movie.poster_image
    return site_url(poster) if poster.startswith("/") else poster


def _described(movie: Movie) -> str:
    words = movie.summary or " ".join(movie.description.split())
    if not words and movie.directors:
        directors = ", ".join(names(movie.directors, 3))
        words = _("Directed by %(directors)s.") % {"directors": directors}
    sentence = _("%(words)s Times and tickets at %(cinema)s.") % {
        "words": words,
        "cinema": cinema_name(),
    }
    return Truncator(sentence.strip()).chars(DESCRIPTION_LENGTH)


def _picture(movie: Movie) -> str:
    """The poster, or the house's own picture: nobody who shows previews can draw an SVG."""
    poster = poster_address(movie)
    drawable = poster and not poster.partition("?")[0].lower().endswith(".svg")
    return poster if drawable else site_url(static(HOUSE_PICTURE))
