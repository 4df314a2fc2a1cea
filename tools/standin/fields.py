"""Reading parameters: the value in the wanted type, or Stripe's refusal."""

from typing import Any

from .errors import invalid, missing, unknown


class Fields:
    """The parameters of one call, or of one hash inside them (`prefix`)."""

    def __init__(self, values: dict[str, Any], prefix: str = ""):
        self.values = values
        self.prefix = prefix

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def only(self, *known: str) -> None:
        """Refuse what the endpoint does not know, so that a typo never passes silently."""
        for name in self.values:
            if name not in known and name not in ("expand", "key"):
                raise unknown(self.named(name))

    def text(self, name: str, default: str | None = None) -> str | None:
        """The value, or `default` when it is absent. An empty string means: unset."""
        value = self.values.get(name, default)
        if value is not None and not isinstance(value, str):
            raise invalid(f"Invalid string: {self.named(name)}", self.named(name))
        return value or None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing(self.named(name))
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.text(name, default)
        if value is not None and value not in choices:
            raise invalid(
                f"Invalid {self.named(name)}: must be one of {', '.join(choices)}", self.named(name)
            )
        return value

    def integer(self, name: str, default: int | None = None, least: int = 0) -> int | None:
        value = self.text(name)
        if value is None:
            return default
        if not value.removeprefix("-").isdecimal() or not value.isascii() or len(value) > 15:
            raise self.no_integer(name, f"Invalid integer: {value}")
        if int(value) < least:
            raise self.no_integer(name, f"This value must be greater than or equal to {least}.")
        return int(value)

    def no_integer(self, name: str, message: str) -> Exception:
        return invalid(message, self.named(name), "parameter_invalid_integer")

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name)
        if value is None:
            return default
        if value not in ("true", "false"):
            raise invalid(f"Invalid boolean: {value}", self.named(name))
        return value == "true"

    def inside(self, name: str) -> "Fields":
        """The hash with this name; empty when it is absent or unset."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise invalid("Invalid hash", self.named(name))
        return Fields(value, self.named(name))

    def items(self, name: str) -> list[str]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid("Invalid array", self.named(name))
        return value

    def metadata(self, old: dict[str, str]) -> dict[str, str]:
        """`old` with the changes: an empty value removes one key, an empty hash all."""
        if "metadata" not in self.values:
            return old
        changes = self.inside("metadata")
        if not changes.values:
            return {}
        merged = old | {name: changes.text(name) or "" for name in changes.values}
        return {name: value for name, value in merged.items() if value}

    def named(self, name: str) -> str:
        return f"{self.prefix}[{name}]" if self.prefix else name
