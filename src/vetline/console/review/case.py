"""One case on one screen: the claim, the evidence, the decision; and what happens when two look at it."""

from starlette.responses import RedirectResponse, Response

from vetline.console.rendering import Renderer
from vetline.console.review.deciding import command_of, note_of, version_of
from vetline.console.review.filters import filters_in, filters_of
from vetline.console.review.naming import key_in, reviewer_of
from vetline.console.review.queue import QueuePages
from vetline.console.visit import Needs, PageRoute, Visit
from vetline.desk.queue import QueueDesk
from vetline.desk.reviewer import CaseStudy, ReviewDesk, StaleCaseError
from vetline.store.queue import Assignment
from vetline.vetting.case import Step
from vetline.vetting.commands import Withdraw
from vetline.vetting.limits import MAX_ATTEMPTS
from vetline.vetting.refusals import Refusal
from vetline.vetting.transitions import steps_from
from vetline.vetting.words import Programme, Reason

_CASE = "/cases/{partner}/{customer}/{programme}"


class CasePages:
    """The case, and what its buttons do.

    Parameters:
        review: decides.
        queue: who has which case.
        next_case: leads on after a decision.
        renderer: makes pages.
    """

    def __init__(self, review: ReviewDesk, queue: QueueDesk, next_case: QueuePages, renderer: Renderer) -> None:
        self._review = review
        self._queue = queue
        self._next = next_case
        self._renderer = renderer

    def routes(self) -> list[PageRoute]:
        """Return the pages."""
        return [
            PageRoute(_CASE, self.case, Needs.REVIEWER),
            PageRoute(f"{_CASE}/decide", self.decide, Needs.REVIEWER, "POST"),
            PageRoute(f"{_CASE}/withdraw", self.withdraw, Needs.REVIEWER, "POST"),
            PageRoute(f"{_CASE}/take", self.take, Needs.REVIEWER, "POST"),
            PageRoute(f"{_CASE}/give-back", self.give_back, Needs.REVIEWER, "POST"),
        ]

    async def case(self, visit: Visit) -> Response:
        """Answer with the case."""
        return await self._page(visit)

    async def decide(self, visit: Visit) -> Response:
        """Decide, and lead to the next case; when somebody was quicker, say so and keep the note."""
        command = command_of(visit.form, visit.person.actor)
        try:
            outcome = await self._review.decide(key_in(visit), command, version_of(visit.form), undo=True)
        except StaleCaseError:
            return await self._page(visit, "review.case.gone_on")
        if isinstance(outcome, Refusal):
            return await self._page(visit, f"review.refusal.{outcome.value}")
        filters = filters_in(visit.form.get("filters", ""))
        return RedirectResponse(await self._next.next_address(visit, filters), 303)

    async def withdraw(self, visit: Visit) -> Response:
        """Take back what was decided or proposed, and show the case again."""
        outcome = await self._review.withdraw(key_in(visit), Withdraw(visit.person.actor, note_of(visit.form)))
        if isinstance(outcome, Refusal):
            return await self._page(visit, "review.undo.late")
        return self._again(visit)

    async def take(self, visit: Visit) -> Response:
        """Take the case, or take it over from whom the page named."""
        holder = visit.form.get("holder", "")
        found = await self._queue.take(key_in(visit), reviewer_of(visit.person), instead_of=holder)
        if found and found.actor != visit.person.actor:
            return await self._page(visit, "review.case.taken", found)
        return self._again(visit)

    async def give_back(self, visit: Visit) -> Response:
        """Let others take the case."""
        await self._queue.give_back(key_in(visit), visit.person.actor)
        return self._again(visit)

    def _again(self, visit: Visit) -> Response:
        filters = filters_in(visit.form.get("filters", ""))
        path = visit.request.url.path.rpartition("/")[0]
        return RedirectResponse(path + filters.question, 303)

    async def _page(self, visit: Visit, problem: str = "", holder: Assignment | None = None) -> Response:
        study = await self._review.study(key_in(visit))
        settling = await self._review.undoable(visit.person.actor)
        filters = filters_in(visit.form.get("filters", "")) if visit.form else filters_of(visit.query)
        told = visit.texts(problem, name=holder.name if holder else "") if problem else ""
        return self._renderer.answer(
            visit,
            "review/case.html",
            409 if problem else 200,
            study=study,
            due_at=self._queue.due(study.file.case),
            filters=filters,
            settling=settling,
            told=told,
            note=note_of(visit.form),
            reasons=tuple(Reason),
            most_requests=MAX_ATTEMPTS,
            **_may(study, visit.person.actor),
        )


def _may(study: CaseStudy, actor: str) -> dict[str, bool]:
    """Return what can be done with a case, and by whom it is held."""
    case, proposal = study.file.case, study.file.case.proposal
    steps, settling = steps_from(case.stage), proposal is not None and case.due_at is not None
    education = case.programme is Programme.EDUCATION
    return {
        "settling_here": settling,
        "can_decide": Step.DENY in steps and not settling,
        "can_revoke": Step.REVOKE in steps and education and not settling,
        "mine": study.assignment is not None and study.assignment.actor == actor,
        "proposed_by_me": proposal is not None and proposal.actor == actor,
    }
