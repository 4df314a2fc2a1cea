"""What may stand in a path."""

from django.urls import register_converter

LARGEST_KEY = 2**63 - 1


class Key:
    """The key of a row, as large as the database can hold. A larger number is no address."""

    regex = "[0-9]{1,19}"
    schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_KEY}

    def to_python(self, value: str) -> int:
        key = int(value)
        if not 1 <= key <= LARGEST_KEY:
            raise ValueError(value)
        return key

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Key, "key")
