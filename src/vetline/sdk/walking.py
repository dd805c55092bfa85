"""From page to page: which operation comes next. The clients' pagers send it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Generic, TypeVar

from vetline.sdk.errors import UnreadableAnswerError
from vetline.sdk.models.paging import Follow, Page
from vetline.sdk.operations.operation import Operation

T = TypeVar("T")
More = Callable[[Follow], Operation[Page[T]]]
Walk = Generator[Operation[Page[T]], Page[T], None]


def walk(first: Operation[Page[T]], more: More[T]) -> Walk[T]:
    """Return the conversation over all pages: it yields an operation and is sent its page.

    Raises:
        UnreadableAnswerError: a page's link leads to a page that was there already, which would never end.
    """
    seen: set[tuple[str, ...]] = set()
    page = yield first
    while page.next is not None:
        place = (page.next.uri, *page.next.headers.values())
        if place in seen:
            raise UnreadableAnswerError("The service's pages lead in a circle.", category="ResponseParsing")
        seen.add(place)
        page = yield more(page.next)


class Pager(Generic[T]):
    """All items of a collection, read page by page while they are looked at. Each `for` begins anew.

    Parameters:
        send: carries an operation out.
        first: reads the first page.
        more: follows a link.
    """

    def __init__(self, send: Callable[[Operation[Page[T]]], Page[T]], first: Operation[Page[T]], more: More[T]) -> None:
        self._send = send
        self._first = first
        self._more = more

    def pages(self) -> Iterator[Page[T]]:
        """Yield the pages."""
        steps = walk(self._first, self._more)
        operation = next(steps, None)
        while operation is not None:
            page = self._send(operation)
            yield page
            operation = _after(steps, page)

    def __iter__(self) -> Iterator[T]:
        """Yield the items."""
        for page in self.pages():
            yield from page.items


class AsyncPager(Generic[T]):
    """All items of a collection, read page by page while they are looked at. Each `async for` begins anew.

    Parameters:
        send: carries an operation out.
        first: reads the first page.
        more: follows a link.
    """

    def __init__(
        self, send: Callable[[Operation[Page[T]]], Awaitable[Page[T]]], first: Operation[Page[T]], more: More[T]
    ) -> None:
        self._send = send
        self._first = first
        self._more = more

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Yield the pages."""
        steps = walk(self._first, self._more)
        operation = next(steps, None)
        while operation is not None:
            page = await self._send(operation)
            yield page
            operation = _after(steps, page)

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield the items."""
        async for page in self.pages():
            for item in page.items:
                yield item


def _after(steps: Walk[T], page: Page[T]) -> Operation[Page[T]] | None:
    try:
        return steps.send(page)
    except StopIteration:
        return None
