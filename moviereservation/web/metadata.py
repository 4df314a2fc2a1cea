"""What OPTIONS answers."""

from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

if TYPE_CHECKING:  # it reads the setting that names this class
    from rest_framework.views import APIView


class OnlyMethods(BaseMetadata):
    """`Allow` says which methods there are; the schema tells the rest."""

    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, Any]:
        return {}
