"""What a refusal is: a no with a sentence for people and a stable code for programs.

An app declares its refusals in its `errors.py`; `moviereservation.apps` imports them all, so that
the list of codes is complete when the apps are ready.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Method = TypeVar("Method", bound=Callable[..., Any])

_declared: "dict[str, type[Refusal]]" = {}


class Refusal(Exception):
    """Whatever a rule answers instead of doing it. `web.problems` makes a document of it.

    A class that gives a `code` declares it. A class without one groups others, so that they can be
    caught together. A second class with the same code names the first as `variant_of`, and takes
    over what it does not say itself.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    # For people, translatable; `%(name)s` where `__init__` has values for it.
    words: "ClassVar[str | _StrPromise]" = ""
    # For the API's reference: what a program may conclude from the code.
    meaning: ClassVar[str]
    retry_after: int | None = None  # seconds

    def __init_subclass__(cls, *, variant_of: "type[Refusal] | None" = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if variant_of is not None:
            cls.code, cls.meaning = variant_of.code, variant_of.meaning
            cls.status = vars(cls).get("status", variant_of.status)
        elif "code" in vars(cls):
            _declare(cls)

    def __init__(self, words: str = "", **values: object) -> None:
        sentence = words or self.words
        super().__init__(str(sentence % values if values else sentence))

    @property
    def extra(self) -> dict[str, Any]:
        """What the problem document says beside the sentence."""
        return {}


def declared() -> Mapping[str, type[Refusal]]:
    """By code, in alphabetical order."""
    return MappingProxyType(dict(sorted(_declared.items())))


def refuses(*refusals: type[Refusal]) -> Callable[[Method], Method]:
    """Say on a view's method how it refuses, beside what all of its kind may answer.

    The API's reference reads it. A class that groups others stands for all of them.
    """

    def mark(method: Method) -> Method:
        method.refusals = refusals  # type: ignore[attr-defined]
        return method

    return mark


def refusals_of(method: Callable[..., Any]) -> list[type[Refusal]] | None:
    """What `refuses` says on a view's method, groups spelled out; None where it was not used."""
    said: tuple[type[Refusal], ...] | None = getattr(method, "refusals", None)
    return None if said is None else [one for refusal in said for one in _spelled_out(refusal)]


def _spelled_out(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    if hasattr(refusal, "code"):
        yield refusal
        return
    for below in refusal.__subclasses__():
        yield from _spelled_out(below)


def _declare(refusal: type[Refusal]) -> None:
    missing = [name for name in ("status", "meaning") if not getattr(refusal, name, None)]
    if missing:
        raise TypeError(f"{refusal.__name__} does not say its {' and '.join(missing)}.")
    known = _declared.setdefault(refusal.code, refusal)
    if known is not refusal:
        raise TypeError(
            f"{refusal.__name__} says “{refusal.code}”, which is {known.__name__}’s: "
            f"make it a variant_of that."
        )
