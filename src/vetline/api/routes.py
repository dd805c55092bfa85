"""Every operation of the JSON interface, as values: what it asks of its caller, and where it is documented."""

from msgspec.structs import replace

from vetline.api.handlers.audit import AuditHandlers
from vetline.api.handlers.customers import CustomerHandlers
from vetline.api.handlers.qualifications import QualificationHandlers
from vetline.api.handlers.review import ReviewHandlers
from vetline.api.handlers.webhooks import WebhookHandlers
from vetline.api.router import Needs, Route
from vetline.wire.contract import Contract, Presence
from vetline.wire.contracts import DOCUMENTED

_LEARN = "https://learn.microsoft.com/partner-center/developer/"
_SWAGGER = "https://github.com/xdmushui/partner-center-sdk (CustomerService.json)"
_OURS = "docs/wire.md"
_OURS_WEBHOOKS = "docs/webhooks.md"

_WEBHOOK = "/webhooks/v1/registration"
_DELIVERIES = "/vetline/v1/webhooks/deliveries"
_CUSTOMER = "/v1/customers/{customer_id}"
_CASE = "/vetline/v1/review/cases/{partner_id}/{customer_id}/{qualification}"


def qualification_routes(handlers: QualificationHandlers, contract: Contract = DOCUMENTED) -> list[Route]:
    """Return the operations on qualifications and validation codes, as far as a contract has them."""
    asynchronous = _present(_asynchronous(handlers), contract.asynchronous, handlers)
    synchronous = _present(_synchronous(handlers), contract.synchronous, handlers)
    return [*asynchronous, *synchronous, *_codes(handlers)]


def _present(found: list[Route], presence: Presence, handlers: QualificationHandlers) -> list[Route]:
    """Return operations as they are there: what is retired says so, what is absent was never there."""
    if presence is Presence.RETIRED:
        return [replace(route, handler=handlers.retired, retryable=False, retired=True) for route in found]
    return found if presence is Presence.SERVED else []


def _asynchronous(handlers: QualificationHandlers) -> list[Route]:
    return [
        Route("GET", f"{_CUSTOMER}/qualifications", handlers.list_qualifications, Needs.ANY_CALLER,
              "Get a customer's qualifications", _LEARN + "get-customer-qualification-asynchronous"),
        Route("POST", f"{_CUSTOMER}/qualifications", handlers.create_qualification, Needs.USER,
              "Ask for a qualification", _LEARN + "update-customer-qualification-asynchronous", retryable=True),
    ]  # fmt: skip


def _synchronous(handlers: QualificationHandlers) -> list[Route]:
    return [
        Route("GET", f"{_CUSTOMER}/qualification", handlers.get_qualification, Needs.ANY_CALLER,
              "Get a customer's qualification (synchronous)", _LEARN + "get-customer-qualification-synchronous"),
        Route("PUT", f"{_CUSTOMER}/qualification", handlers.update_qualification, Needs.USER,
              "Set a customer's qualification (synchronous)",
              _LEARN + "update-customer-qualification-synchronous", retryable=True),
    ]  # fmt: skip


def _codes(handlers: QualificationHandlers) -> list[Route]:
    return [
        Route("GET", "/v1/customers/all/validations", handlers.codes, Needs.ANY_CALLER,
              "Get the partner's validation codes", _LEARN + "get-a-partner-s-validation-codes"),
        Route("GET", f"{_CUSTOMER}/validations", handlers.relations, Needs.ANY_CALLER,
              "Get the codes by which a customer was qualified", _SWAGGER),
    ]  # fmt: skip


def customer_routes(handlers: CustomerHandlers) -> list[Route]:
    """Return the operations on customers and their profiles."""
    return [
        Route("GET", "/v1/customers", handlers.list_customers, Needs.ANY_CALLER,
              "Get a page of customers", _LEARN + "get-a-list-of-customers"),
        Route("POST", "/v1/customers", handlers.create_customer, Needs.ANY_CALLER,
              "Create a customer", _LEARN + "create-a-customer", retryable=True),
        Route("GET", _CUSTOMER, handlers.get_customer, Needs.ANY_CALLER,
              "Get a customer", _LEARN + "get-a-customer-by-id"),
        Route("DELETE", _CUSTOMER, handlers.delete_customer, Needs.ANY_CALLER,
              "Delete a customer (sandbox)", _LEARN + "delete-a-customer-account-from-the-integration-sandbox"),
        Route("GET", f"{_CUSTOMER}/profiles/company", handlers.company, Needs.ANY_CALLER,
              "Get a customer's company profile", _LEARN + "get-a-customer-s-company-profile"),
        Route("GET", f"{_CUSTOMER}/profiles/billing", handlers.billing, Needs.ANY_CALLER,
              "Get a customer's billing profile", _LEARN + "get-a-customer-s-billing-profile"),
        Route("GET", f"{_CUSTOMER}/validationStatus", handlers.validation_status, Needs.USER,
              "Get the status of a customer's account", _LEARN + "get-customer-validation-status"),
        Route("PUT", f"{_CUSTOMER}/profiles/billing", handlers.change_billing, Needs.ANY_CALLER,
              "Replace a customer's billing profile",
              _LEARN + "update-a-customer-s-billing-profile", retryable=True),
    ]  # fmt: skip


def audit_routes(handlers: AuditHandlers) -> list[Route]:
    """Return the operations on the audit log."""
    return [
        Route("GET", "/v1/auditrecords", handlers.audit_records, Needs.ANY_CALLER,
              "Get a page of audit records", _LEARN + "get-a-record-of-partner-center-activity-by-user"),
        Route("GET", "/auditactivity/v1/auditrecords/{record}", handlers.audit_record, Needs.ANY_CALLER,
              "Get the audit record of an event", _LEARN + "partner-center-webhook-events"),
    ]  # fmt: skip


def review_routes(handlers: ReviewHandlers) -> list[Route]:
    """Return the operations of the review desk."""
    return [
        Route("GET", "/vetline/v1/review/queue", handlers.queue, Needs.REVIEWER,
              "Get the cases that wait for a person", _OURS),
        Route("GET", _CASE, handlers.case, Needs.REVIEWER,
              "Get one case with its evidence and history", _OURS),
        Route("POST", f"{_CASE}/approve", handlers.approve, Needs.REVIEWER, "Approve a case", _OURS),
        Route("POST", f"{_CASE}/deny", handlers.deny, Needs.REVIEWER,
              "Deny a case, or end an approval, with a reason", _OURS),
        Route("PUT", "/vetline/v1/admin/partners/{partner_id}/validations", handlers.issue_code,
              Needs.ADMINISTRATOR, "Give a partner a validation code", _OURS),
    ]  # fmt: skip


def webhook_routes(handlers: WebhookHandlers) -> list[Route]:
    """Return the operations on webhooks; Partner Center's own have no /v1 before them."""
    where = _LEARN + "partner-center-webhooks"
    return [
        Route("GET", _WEBHOOK, handlers.get_webhook, Needs.ANY_CALLER, "Get the partner's webhook registration", where),
        Route("POST", _WEBHOOK, handlers.register_webhook, Needs.ANY_CALLER,
              "Register an address for events", where, retryable=True),
        Route("PUT", _WEBHOOK, handlers.change_webhook, Needs.ANY_CALLER,
              "Replace the webhook registration", where, retryable=True),
        Route("GET", f"{_WEBHOOK}/events", handlers.webhook_events, Needs.ANY_CALLER,
              "Get the events that happen here", where),
        Route("POST", f"{_WEBHOOK}/validationEvents", handlers.test_webhook, Needs.ANY_CALLER,
              "Have a test event delivered; two a minute", where, retryable=True),
        Route("GET", f"{_WEBHOOK}/validationEvents/{{delivery_id}}", handlers.tested_webhook, Needs.ANY_CALLER,
              "Get what became of a test event", where),
        Route("GET", _DELIVERIES, handlers.deliveries, Needs.ANY_CALLER,
              "Get the partner's latest deliveries", _OURS_WEBHOOKS),
        Route("POST", f"{_DELIVERIES}/{{delivery_id}}/resend", handlers.resend_delivery, Needs.ANY_CALLER,
              "Have an event delivered once more", _OURS_WEBHOOKS),
    ]  # fmt: skip
