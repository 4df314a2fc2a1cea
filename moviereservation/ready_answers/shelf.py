"""Where answers are kept, for one second and within bounds."""

from collections import OrderedDict

from moviereservation.ready_answers.answer import Answer
from moviereservation.ready_answers.keys import Key

SECONDS = 1.0
MOST_ANSWERS = 2000
MOST_BYTES = 16 * 1024 * 1024
# Bytes of Python's own for an answer, its key and its headers: measured 2,600 to 3,200.
OVERHEAD = 4000


class Shelf:
    """The answers of the last second, the oldest first.

    Every answer lives equally long, so that the oldest is also the first that is over: making room
    takes from one end only, and costs the same however much is kept.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key, *, now: float) -> Answer | None:
        kept = self._kept.get(key)
        return kept[1] if kept is not None and now < kept[0] else None

    def put(self, key: Key, answer: Answer, *, began: float, now: float) -> None:
        """Keep what was begun to be built at `began` until a second after it."""
        replaced = self._kept.pop(key, None)
        if replaced is not None:
            self.bytes -= _size(replaced[1])
        self._kept[key] = (began + SECONDS, answer)
        self.bytes += _size(answer)
        while self._kept and self._is_too_much(now):
            _key, (_until, oldest) = self._kept.popitem(last=False)
            self.bytes -= _size(oldest)

    def _is_too_much(self, now: float) -> bool:
        if len(self._kept) > MOST_ANSWERS or self.bytes > MOST_BYTES:
            return True
        until, _answer = next(iter(self._kept.values()))
        return until <= now


def _size(answer: Answer) -> int:
    return len(answer.body) + OVERHEAD
