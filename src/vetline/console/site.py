"""Puts the pages together: each group of them is a line here."""

from dataclasses import dataclass

from vetline.clock import Clock
from vetline.console.administration.codes import PartnerCodePages
from vetline.console.app import ROOT, Console
from vetline.console.entrance import Entrance
from vetline.console.home import HomePages
from vetline.console.partner.account import AccountPages
from vetline.console.partner.codes import CodePages
from vetline.console.partner.customers import CustomerPages
from vetline.console.partner.requests import RequestPages
from vetline.console.rendering import Renderer
from vetline.console.review.case import CasePages
from vetline.console.review.dashboard import DashboardPages
from vetline.console.review.domain import DomainPages
from vetline.console.review.queue import QueuePages
from vetline.console.signing_in import SignInPages
from vetline.console.uploads.pages import UploadPages
from vetline.console.visit import Pages
from vetline.desk.account import AccountDesk
from vetline.desk.customers import CustomerDesk
from vetline.desk.figures import FiguresDesk
from vetline.desk.partner import PartnerDesk
from vetline.desk.permissions import Permissions
from vetline.desk.queue import QueueDesk
from vetline.desk.reviewer import ReviewDesk
from vetline.desk.uploads import UploadDesk


@dataclass(frozen=True, slots=True)
class Desks:
    """The use cases behind the pages."""

    customers: CustomerDesk
    permissions: Permissions
    account: AccountDesk
    partner: PartnerDesk
    review: ReviewDesk
    queue: QueueDesk
    figures: FiguresDesk
    uploads: UploadDesk


def site(desks: Desks, entrance: Entrance, clock: Clock, *, sandbox: bool = False) -> Console:
    """Return the pages.

    Parameters:
        desks: the use cases.
        entrance: the way in.
        clock: the time.
        sandbox: say on each page that nothing here is real.
    """
    renderer = Renderer(ROOT, {"sandbox": sandbox})
    queue = QueuePages(desks.queue, desks.review, renderer)
    groups: list[Pages] = [
        HomePages(renderer),
        SignInPages(entrance, renderer),
        CustomerPages(desks.customers, renderer),
        AccountPages(desks.account, desks.permissions, renderer),
        RequestPages(desks.account, desks.partner, desks.permissions, renderer),
        CodePages(desks.partner, renderer),
        UploadPages(desks.uploads, renderer),
        queue,
        CasePages(desks.review, desks.queue, queue, renderer),
        DomainPages(desks.review, desks.queue, renderer),
        DashboardPages(desks.figures, renderer),
        PartnerCodePages(desks.partner, desks.review, renderer),
    ]
    return Console([page for group in groups for page in group.routes()], entrance.sessions, renderer, clock)
