"""Lists of the back office that stay as fast while their tables grow for ever.

Three things make a list of Django's slow at a million rows, and none is done here: counting all of
it, looking for a word in the middle of columns of several tables at once, and sorting by what no
index is in the order of. A list shows the first thousand of what was filtered and says when there
are more. A search is for a beginning, in one indexed column after the other.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext

# So many are counted and can be turned through.
MOST = 1000
# So many people, say, are followed to their bookings.
MOST_FOLLOWED = 200
LOOKUPS = {"^": "istartswith", "=": "iexact"}


class FirstRows(Paginator):  # type: ignore[type-arg]
    """The first thousand rows: their keys are read once, and of a page's keys the rest.

    So the order is found without the tables that are joined to show a row. With them the database
    may begin at the smallest table, and sort everything.
    """

    object_list: Any
    most = MOST

    @cached_property
    def _keys(self) -> list[Any]:
        return list(self.object_list.values_list("pk", flat=True)[: self.most + 1])

    @cached_property
    def count(self) -> int:
        """How many can be turned through: all, unless it `has_more`."""
        return min(len(self._keys), self.most)

    @property
    def has_more(self) -> bool:
        return len(self._keys) > self.most

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self.rows(first, first + self.per_page), number, self)

    def rows(self, first: int, last: int) -> Any:
        """From `first`, counted from 0, up to but not including `last`."""
        keys = self._keys[first : min(last, self.count)]
        return self.object_list.filter(pk__in=keys) if keys else self.object_list.none()


class LongChangeList(ChangeList):
    """`has_more`: whether there are more than are counted."""

    has_more = False

    @property
    def counted(self) -> str:
        """How many are counted, as it is written: `1,000`."""
        return number_format(self.result_count, force_grouping=True)

    def get_results(self, request: HttpRequest) -> None:
        paginator: Any = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.paginator, self.result_count = paginator, paginator.count
        self.has_more = paginator.has_more
        self.full_result_count = None
        self.show_admin_actions = True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        if self.show_all and self.can_show_all:
            self.result_list = paginator.rows(0, self.result_count)
            return
        try:
            self.result_list = paginator.page(self.page_num).object_list
        except InvalidPage:
            raise IncorrectLookupParameters from None


class LongList(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that may be of millions. Its `ordering` must be that of an index.

    `search_fields` name one column each, with `^` for its beginning and `=` for all of it. Without
    either the words may stand anywhere in it, which only a small table can afford.
    """

    paginator = FirstRows
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """What was filtered already, as far as one of the columns begins with what was typed."""
        if not (words := search_term.strip()):
            return queryset, False
        search = _Search(words)
        keys = {key for field in self.search_fields for key in search.keys(queryset, field)}
        if search.was_too_wide:
            text = gettext("Too much begins with “%(words)s”: only some of it is shown. Type more.")
            self.message_user(request, text % {"words": words[:40]}, messages.WARNING)
        return queryset.filter(pk__in=keys), False


class _Search:
    """`was_too_wide`: more begins so than is looked for, and only some of it was found."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.was_too_wide = False

    def keys(self, queryset: "QuerySet[Any]", field: str, most: int = MOST) -> list[Any]:
        """The keys of the rows that are found by this field."""
        sign, path = (field[0], field[1:]) if field[0] in LOOKUPS else ("", field)
        relation, _dots, rest = path.partition("__")
        if rest:
            model = queryset.model._meta.get_field(relation).related_model
            related = self.keys(model._base_manager.all(), sign + rest, MOST_FOLLOWED)
            found = queryset.filter(**{f"{relation}__in": related})
        else:
            lookup = f"{path}__{LOOKUPS.get(sign, 'icontains')}"
            found = queryset
            for words in [self.words] if sign else self.words.split():
                found = found.filter(**{lookup: words})
        # In whatever order they are found: sorted, all that begins so would have to be read.
        keys = list(found.order_by().values_list("pk", flat=True)[: most + 1])
        self.was_too_wide = self.was_too_wide or len(keys) > most
        return keys if most == MOST else keys[:most]
