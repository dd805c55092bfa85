"""Customers and their profiles."""

import secrets

from vetline.api.call import Answer, Call
from vetline.api.handlers.common import customer_of
from vetline.api.idempotency import Sealed
from vetline.api.translate import json_answer
from vetline.api.translate_customers import (
    ACCOUNT,
    billing_of,
    billing_view,
    collection_view,
    company_view,
    created_view,
    customer_query,
    customer_view,
    filter_text_of,
    validation_view,
)
from vetline.api.translate_customers import customer_of as new_customer
from vetline.desk.customers import CustomerDesk
from vetline.store.port import ConflictError, UnknownCustomerError
from vetline.store.records import Customer
from vetline.wire import faults, headers
from vetline.wire.customers import read_billing, read_customer
from vetline.wire.faults import FaultError
from vetline.wire.paging import read_page


class CustomerHandlers:
    """The operations on customers.

    Parameters:
        desk: what a partner may do with its customers.
        deletable: whether customers can be deleted: only in a sandbox.
    """

    def __init__(self, desk: CustomerDesk, *, deletable: bool) -> None:
        self._desk = desk
        self._deletable = deletable

    async def list_customers(self, call: Call) -> Answer:
        """Answer with a page of customers."""
        page = read_page(call.query, call.header(headers.CONTINUATION))
        found = await self._desk.page(call.caller.tenant, customer_query(page))
        customers, more, root = list(found[: page.size]), len(found) > page.size, call.contract.link_root
        return json_answer(200, collection_view(customers, page, filter_text_of(page), more, root))

    async def get_customer(self, call: Call) -> Answer:
        """Answer with one customer."""
        return json_answer(200, customer_view(await self._found(call), call.contract.link_root))

    async def create_customer(self, call: Call) -> Answer:
        """Create a customer; its administrator's password is shown in this answer only."""
        password, root = secrets.token_urlsafe(12), call.contract.link_root
        draft = new_customer(read_customer(call.body), call.caller.tenant)
        sealed: Sealed[Customer] = Sealed(call, lambda made: json_answer(201, created_view(made, password, root)))
        await self._desk.add(draft, sealed)
        return sealed.answer

    async def delete_customer(self, call: Call) -> Answer:
        """Delete a customer, in a sandbox."""
        if not self._deletable:
            raise FaultError(faults.WRONG_ENVIRONMENT)
        await self._desk.remove(call.caller.tenant, customer_of(call))
        return Answer(204)

    async def company(self, call: Call) -> Answer:
        """Answer with the company profile."""
        return json_answer(200, company_view(await self._found(call), call.contract.link_root))

    async def billing(self, call: Call) -> Answer:
        """Answer with the billing profile."""
        return json_answer(200, billing_view(await self._found(call), call.contract.link_root))

    async def validation_status(self, call: Call) -> Answer:
        """Answer whether a customer may transact; one that is not there has no status.

        Source: https://learn.microsoft.com/partner-center/developer/get-customer-validation-status
        """
        customer, kind = customer_of(call), call.query.get("type", "").strip()
        if kind.lower() != ACCOUNT:
            raise FaultError(faults.INVALID_INPUT, "Invalid request input: type must be account.")
        try:
            return json_answer(200, validation_view(await self._desk.get(call.caller.tenant, customer)))
        except UnknownCustomerError as error:
            raise FaultError(faults.ACCOUNT_STATUS_NOT_FOUND, customer=customer) from error

    async def change_billing(self, call: Call) -> Answer:
        """Replace the billing profile, unless it changed since the client read it.

        The documents ask for `If-Match`, every known client sends the tag in the body: either counts, none is accepted.
        https://learn.microsoft.com/partner-center/developer/update-a-customer-s-billing-profile
        """
        wanted, root = read_billing(call.body), call.contract.link_root
        sealed: Sealed[Customer] = Sealed(call, lambda customer: json_answer(200, billing_view(customer, root)))
        try:
            await self._desk.change_billing(
                call.caller.tenant,
                customer_of(call),
                lambda old: billing_of(wanted, old.id),
                _version(call.header(b"if-match") or wanted.etag, required=call.contract.etag_required),
                sealed,
            )
        except ConflictError as error:
            raise FaultError(faults.STALE_ETAG) from error
        return sealed.answer

    async def _found(self, call: Call) -> Customer:
        return await self._desk.get(call.caller.tenant, customer_of(call))


def _version(etag: str, *, required: bool) -> int | None:
    """Return the version that an etag names; quoted, unquoted and weak forms are the same, ``*`` is any."""
    text = etag.removeprefix("W/").strip('"')
    if required and not text:
        raise FaultError(faults.STALE_ETAG, "Etag is no longer valid: send the profile's etag in If-Match.")
    if text in ("", "*"):
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise FaultError(faults.STALE_ETAG)
    return int(text)
