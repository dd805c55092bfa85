"""The tour of the pages goes through, over a small database and in company, and finds what it says it asks for."""

from datetime import UTC, datetime
from pathlib import Path

from bench.growth import Database
from bench.pages.cases import life, programme, version, waiting_domain
from bench.pages.measuring import Plan, of_database
from bench.pages.tour import FILTERS, filter_sets, tour

from vetline.vetting.words import Stage

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SMALL = Plan(customers=4_000, turns=1, turns_in_company=1)


def test_every_page_is_measured_alone_and_in_company(tmp_path: Path) -> None:
    """Each answers, in all of its ways, with the first visit apart."""
    found = of_database(tmp_path, Database("SQLite", f"sqlite:///{tmp_path / 'vetline.db'}"), SMALL)
    pages = [name for name, row in found.items() if "slowest" not in row]
    assert len(pages) == sum(" + " not in stop.name for stop in tour(SMALL.customers, NOW))
    assert all(float(figure) > 0 for name in pages for figure in found[name].values())
    assert {"cold, ms", "p50, ms", "worst, ms", "worst beside screening, ms", "worst beside reviewer, ms"} <= found[
        pages[0]
    ].keys()


def test_a_case_is_stored_as_the_rules_make_it() -> None:
    """What the tour asks for is there: at this version, for this programme, at this domain."""
    waiting = {number: found for number in range(0, 4_000, 10) if (found := life(number, NOW))}
    assert len(waiting) == 400
    for number, found in waiting.items():
        case = found.steps[-1].case
        assert case.finding is not None
        assert (case.stage, case.version, case.programme) == (Stage.REVIEWING, version(number), programme(number))
        assert case.finding.domain == waiting_domain(number)


def test_a_third_of_the_others_was_decided() -> None:
    """By the triage or by people, with all that led to it."""
    decided = [found for number in range(1_000) if number % 10 and (found := life(number, NOW))]
    assert len(decided) == 300
    assert {found.steps[-1].case.stage for found in decided} == {Stage.APPROVED, Stage.DENIED}


def test_every_two_filters_that_can_be_chosen_together_are_a_pair() -> None:
    """And no filter stands twice in an address."""
    sets = list(filter_sets())
    assert all(len(filters) == 1 + name.count(" + ") for name, filters in sets)
    assert len({name for name, _ in sets}) == len(sets) > len(FILTERS)


def test_each_stop_has_a_name_of_its_own() -> None:
    """Figures are kept by name."""
    names = [stop.name for stop in tour(4_000, NOW)]
    assert len(set(names)) == len(names)
