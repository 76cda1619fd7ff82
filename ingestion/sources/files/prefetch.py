"""Work on the next piece while the last one is used, since each needs one core only."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

DEPTH = 2

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def prefetched(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
    """Yield `work(piece)` of each piece in order; a thread works up to `DEPTH` pieces ahead."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(thread.submit(work, piece))
            if len(waiting) > DEPTH:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
