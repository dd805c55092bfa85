"""What both clients have in common: how one is set up, and copies with other settings."""

import ssl
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, Self, TypeVar

from vetline.sdk.observing import OnAnswer, OnEvent
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import CallSettings, Surroundings, changed, settings_for
from vetline.sdk.tokens import TokenCache, source_of

D = TypeVar("D")


class Configured(ABC, Generic[D]):
    """A client without its calls. `vetline.sdk.client.PartnerCenter` says what the parameters are."""

    def __init__(
        self,
        credential: Any,
        *,
        base_url: str | None = None,
        cloud: str = "global",
        scope: str | None = None,
        timeout: float = 60.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        headers: Mapping[str, str] | None = None,
        locale: str = "en-US",
        application_name: str | None = None,
        verify: ssl.SSLContext | bool = True,
        on_event: OnEvent | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        place, wanted = settings_for(base_url, cloud, scope)
        self._settings = CallSettings(
            base_url=place,
            timeout=timeout,
            retry=retry,
            headers=headers or {},
            locale=locale,
            application_name=application_name or "",
            on_event=on_event,
            on_answer=on_answer,
        )
        self._around = Surroundings()
        self._driver = self._opened(TokenCache(source_of(credential, wanted), self._around), verify)

    def with_context(self, correlation_id: str | None = None, locale: str | None = None) -> Self:
        """Return a copy that shares the connections and the token.

        Parameters:
            correlation_id: the MS-CorrelationId of all its calls; `None` leaves it.
            locale: its language; `None` leaves it.
        """
        return self._copy(changed(self._settings, correlation_id=correlation_id, locale=locale))

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
        on_event: OnEvent | None = None,
        on_answer: OnAnswer | None = None,
    ) -> Self:
        """Return a copy that shares the connections and the token; what is `None` stays as it is.

        Parameters:
            timeout: the seconds for one attempt.
            retry: the numbers of retrying.
            headers: sent beside the client's own.
            on_event: told what happens, instead of the client's.
            on_answer: given every request and its raw answer, instead of the client's.
        """
        more = None if headers is None else {**self._settings.headers, **headers}
        return self._copy(
            changed(self._settings, timeout=timeout, retry=retry, headers=more, on_event=on_event, on_answer=on_answer)
        )

    @abstractmethod
    def _opened(self, tokens: TokenCache, verify: ssl.SSLContext | bool) -> D:
        """Return what drives the client's conversations."""

    def _copy(self, settings: CallSettings) -> Self:
        copy = object.__new__(type(self))
        copy._settings, copy._around, copy._driver = settings, self._around, self._driver
        return copy
