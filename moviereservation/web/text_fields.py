"""Text on the wire."""

from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A string, and not a number or a truth value that happens to print as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailText(Text, serializers.EmailField):
    pass
