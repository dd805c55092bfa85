"""Where each picture is taken: who stands there, and how they came there. Later ones see what earlier ones did."""

from dataclasses import dataclass

from tests.browser.people import ADA, MAX, RAE

from docs.screenshots import ways
from docs.screenshots.ways import Way, to, to_account, to_case


@dataclass(frozen=True, slots=True)
class Shot:
    """One page worth a picture.

    Parameters:
        name: what the picture's name begins with.
        who: signs in.
        way: leads there.
    """

    name: str
    who: str
    way: Way


SHOTS = (
    Shot("customers", ADA, to("/customers")),
    Shot("customers-found", ADA, to("/customers?q=university+of")),
    Shot("account", ADA, to_account("Siemens AG")),
    Shot("account-denied", ADA, to_account("Coursera")),
    Shot("request", ADA, ways.to_request),
    Shot("request-government", ADA, ways.to_government),
    Shot("check", ADA, ways.to_check),
    Shot("history", ADA, ways.to_history),
    Shot("codes", ADA, to("/codes")),
    Shot("nothing-here", ADA, to("/nothing-here")),
    Shot("queue", RAE, to("/queue")),
    Shot("case", RAE, to_case("University of Edinburgh")),
    Shot("case-again", RAE, to_case("Siemens AG")),
    Shot("domain", RAE, ways.to_domain),
    Shot("dashboard", RAE, ways.to_dashboard),
    Shot("case-undo", RAE, ways.to_undo),
    Shot("decisions", RAE, to("/decisions")),
    Shot("partner-codes", MAX, to("/partner-codes?partner=9daaeb1c-4195-4db5-9f1d-509eb70c8c2d")),
    Shot("upload", ADA, ways.to_upload),
    Shot("upload-refused", ADA, ways.to_refused_upload),
    Shot("uploads", ADA, to("/uploads")),
)
