"""What a guest needs every time, and says once."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Needs:
    more_time: bool = False
    wheelchair: bool = False
    companion: bool = False
    captions: bool = False
    audio_description: bool = False

    @classmethod
    def read(cls, written: str) -> "Needs":
        """From what `str` wrote; a word that is not known (any more) is none."""
        words = set(written.split())
        return cls(**{name: name in words for name in NAMES})

    def __str__(self) -> str:
        return " ".join(name for name in NAMES if getattr(self, name))


NAMES = tuple(field.name for field in fields(Needs))
