"""Rows that the back office shows and nobody types."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moviereservation.web.admin.long_lists import LongList


class ReadOnly(LongList):
    """Rows that only the product itself writes."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """The same, on the page of the row they belong to."""

    classes = ("read-only-rows",)
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
