"""What we show."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from movies.aggregates import Joined


def validate_web_address(value: str) -> None:
    """http(s), or a path on this site. It is only ever shown to browsers, never fetched by us."""
    # Browsers read `//`, `/\` and a tab between two of `/` as the beginning of another site.
    if re.fullmatch(r"/(?![/\\])[^\s\\]*", value):
        return
    URLValidator(schemes=["http", "https"])(value)


class Genre(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("genre")
        verbose_name_plural = _("genres")

    def __str__(self) -> str:
        return self.name


class MovieQuerySet(models.QuerySet["Movie"]):
    def with_genre_names(self) -> "MovieQuerySet":
        """Adds `genre_names`, which `Movie.genre_list` reads: one query for a whole list."""
        return self.annotate(genre_names=Joined("genres__name"))

    def of_genre(self, name: str) -> "MovieQuerySet":
        return self.filter(
            pk__in=Movie.genres.through.objects.filter(genre__name__iexact=name).values("movie_id")
        )

    def matching(self, words: str) -> "MovieQuerySet":
        """Every word occurs in the title, the people or the description."""
        movies = self
        for word in words.split()[:8]:
            movies = movies.filter(
                models.Q(title__icontains=word)
                | models.Q(directors__icontains=word)
                | models.Q(cast__icontains=word)
                | models.Q(description__icontains=word)
            )
        return movies

    def by_title(self) -> "MovieQuerySet":
        return self.order_by("title", "pk")


class Movie(models.Model):
    title = models.CharField(_("title"), max_length=200)
    original_title = models.CharField(_("original title"), max_length=200, blank=True)
    slug = models.SlugField(_("address"), max_length=220, unique=True, blank=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    genres = models.ManyToManyField(
        Genre, related_name="movies", blank=True, verbose_name=_("genres")
    )
    poster_url = models.CharField(
        _("poster address"), max_length=1000, blank=True, validators=[validate_web_address]
    )
    poster_file = models.ImageField(_("poster file"), upload_to="posters/", blank=True)
    poster_alt = models.CharField(_("poster in words"), max_length=300, blank=True)
    runtime_minutes = models.PositiveSmallIntegerField(
        _("runtime in minutes"), null=True, blank=True
    )
    rating = models.CharField(_("rating"), max_length=20, blank=True)
    rating_reason = models.CharField(_("reason for the rating"), max_length=200, blank=True)
    release_date = models.DateField(_("release date"), null=True, blank=True)
    directors = models.CharField(_("directed by"), max_length=200, blank=True)
    cast = models.CharField(_("with"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    trailer_url = models.URLField(_("trailer"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MovieQuerySet.as_manager()

    class Meta:
        verbose_name = _("movie")
        verbose_name_plural = _("movies")
        indexes: ClassVar = [models.Index(fields=["title"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = _free_slug(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("movie", args=[self.slug])

    def clean(self) -> None:
        if self.runtime_minutes is not None and not 1 <= self.runtime_minutes <= 900:
            raise ValidationError({"runtime_minutes": _("Between 1 and 900 minutes.")})

    @property
    def genre_list(self) -> list[str]:
        """Names in alphabetical order; free of charge after `with_genre_names()`."""
        if "genre_names" in self.__dict__:
            return Joined.split(self.__dict__["genre_names"])
        return sorted(genre.name for genre in self.genres.all())

    @property
    def poster_image(self) -> str:
        """The address of the poster, or "" where there is none."""
        return self.poster_file.url if self.poster_file else self.poster_url


def slug_of(title: str) -> str:
    """What a title is in an address."""
    return slugify(title)[:200] or "movie"


def _free_slug(title: str) -> str:
    """A slug nobody has. Where two movies ask at once, the unique key refuses the second."""
    base = slug_of(title)
    taken = set(Movie.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)
