"""Which sessions of people were ended before their time, told to every process that serves them."""

from datetime import datetime

from vetline.store.port import Store


class SessionDesk:
    """What a person may do about a session.

    Parameters:
        store: durable state.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def end(self, tenant: str, session: str, until: datetime) -> None:
        """End a session; it is over for everybody when this returns.

        Parameters:
            tenant: the person's.
            until: when it would be over anyway, and may be forgotten.

        Raises:
            UnavailableError: it goes on.
        """
        await self._store.end_session(tenant, session, until)

    async def has_ended(self, tenant: str, session: str) -> bool:
        """Return whether a session was ended.

        Raises:
            UnavailableError: it cannot be told.
        """
        return await self._store.session_ended(tenant, session)
