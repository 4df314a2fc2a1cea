"""Lists are plain arrays; where the other pages are, the headers say (RFC 8288)."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

MAX_PAGE_SIZE = 100


class LinkedPages(BasePagination):
    """`?page=` from 1, `?pageSize=` up to 100 (what is asked beyond gets 100)."""

    def paginate_queryset(  # type: ignore[override]  # only querysets: what else would be sliced?
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        self.page = _whole_number(request, "page", 1)
        self.page_size = min(_whole_number(request, "pageSize", MAX_PAGE_SIZE), MAX_PAGE_SIZE)
        start = (self.page - 1) * self.page_size
        if start > 10**9:
            raise ValidationError({"page": [_("There are not so many pages.")]})
        # One row more than asked for tells whether this is the last page; then nothing is counted.
        rows = list(queryset[start : start + self.page_size + 1])
        if len(rows) > self.page_size or (not rows and start):
            self.total = Paginator(queryset, self.page_size).count
        else:
            self.total = start + len(rows)
        return rows[: self.page_size]

    def get_paginated_response(self, data: Any) -> Response:
        last = max(1, -(-self.total // self.page_size))
        pages = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": last}
        links = [
            f'<{self._url(number)}>; rel="{relation}"'
            for relation, number in pages.items()
            if 1 <= number <= last
        ]
        return Response(data, headers={"X-Total-Count": str(self.total), "Link": ", ".join(links)})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "required": False, "description": description,
             "schema": {"type": "integer", "minimum": 1}}
            for name, description in (
                ("page", "Which page, from 1."),
                ("pageSize", f"Items a page, {MAX_PAGE_SIZE} at most."),
            )
        ]  # fmt: skip

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema

    def _url(self, number: int) -> str:
        return replace_query_param(self.request.build_absolute_uri(), "page", number)


def _whole_number(request: Request, name: str, default: int) -> int:
    raw = request.query_params.get(name, "")
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 12 or int(raw) < 1:
        raise ValidationError({name: [_("Give a whole number from 1.")]})
    return int(raw)
