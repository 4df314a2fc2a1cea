"""A refusal is said once: code, status, sentence and meaning stand on its class."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from moviereservation.tests.web.product_modules import import_all
from moviereservation.web.general import Invalid, NotFound
from moviereservation.web.refusals import Refusal, declared, refusals_of, refuses
from reservations.errors import (
    BadSeats,
    BlockedSeats,
    DuplicateSeats,
    NoSeats,
    TooManySeats,
    UnknownSeats,
)

# As much as a page that lists the codes needs, and nothing that happens to import more.
ONLY_THE_CATALOGUE = """
import json, django
django.setup()
from moviereservation.api_docs.problem_catalogue import problems
print(json.dumps(list(problems())))
"""


def below(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for refusal in base.__subclasses__():
        if ".tests." not in refusal.__module__:
            yield refusal
        yield from below(refusal)


def test_the_list_of_codes_depends_on_nothing_that_happens_to_be_imported():
    import_all()
    written = {refusal.code for refusal in below(Refusal) if "code" in vars(refusal)}
    alone = subprocess.run(
        [sys.executable, "-c", ONLY_THE_CATALOGUE],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(alone.stdout) == sorted(written)
    assert {"leaves_seat_alone", "companion_alone"} <= written


def test_every_refusal_that_can_be_raised_has_all_that_is_told():
    import_all()
    for refusal in below(Refusal):
        if getattr(refusal, "code", None) is None:
            assert refusal.__subclasses__(), f"{refusal} neither declares a code nor groups others"
            continue
        assert refusal.code in declared()
        assert refusal.meaning == declared()[refusal.code].meaning
        assert 200 < refusal.status < 600


def test_a_code_is_declared_once():
    with pytest.raises(TypeError, match="Again says “invalid”, which is Invalid’s"):

        class Again(Refusal):
            code = "invalid"
            status = 400
            meaning = "Another one."

    assert declared()["invalid"] is Invalid


def test_a_code_is_declared_with_all_that_belongs_to_it():
    with pytest.raises(TypeError, match="Hasty does not say its status and meaning"):

        class Hasty(Refusal):
            code = "hasty"

    assert "hasty" not in declared()


def test_a_variant_says_only_what_is_different():
    class NoSuchFilm(Refusal, variant_of=NotFound):
        words = "There is no film %(name)s."

        def __init__(self, name: str) -> None:
            super().__init__(name=name)

    class TooLate(Refusal, variant_of=NotFound):
        status = 410

    assert (NoSuchFilm.code, NoSuchFilm.status) == ("not_found", 404)
    assert (TooLate.code, TooLate.status) == ("not_found", 410)
    assert NoSuchFilm.meaning == TooLate.meaning == NotFound.meaning
    assert str(NoSuchFilm("“100 %”")) == "There is no film “100 %”."
    assert declared()["not_found"] is NotFound


def test_a_sentence_is_in_the_language_of_whoever_is_refused():
    with translation.override("de"):
        refused = NotFound()
    assert str(refused) != str(NotFound())


def test_a_view_says_how_it_refuses_and_a_group_stands_for_what_is_in_it():
    @refuses(NotFound, BadSeats)
    def chooses() -> None: ...

    @refuses()
    def never() -> None: ...

    def silent() -> None: ...

    assert refusals_of(chooses) == [
        NotFound, NoSeats, UnknownSeats, DuplicateSeats, BlockedSeats, TooManySeats,
    ]  # fmt: skip
    assert refusals_of(never) == []
    assert refusals_of(silent) is None
