"""Two hundred tests on four workers and one sandbox: each is in its own world, and sees nothing of any other."""

import json
from pathlib import Path

import pytest

from tests.testing.suites import Suite

NUMBER = 200

# Each test leaves traces of every kind, which it would find in another's world if that were the same.
TESTS = f"""
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from vetline import CustomerQualificationRequest

HARVARD = "11111111-c0c0-4000-8000-000000000002"


@pytest.mark.parametrize("number", range({NUMBER}))
def test_alone(vetline_world, number):
    world, client = vetline_world, vetline_world.client()
    assert len([*client.customers.list()]) == 6
    assert sorted(code.remaining_creates for code in client.validations.get_validation_codes()) == [4, 5]
    qualification = client.customers.by_id(HARVARD).qualification
    assert qualification.get_qualifications() == []

    world.seed([{{"companyName": f"Company {{number}}", "domain": f"company-{{number}}.example"}}])
    own = [one for one in client.customers.list() if one.company_profile.domain.startswith("company-")]
    assert [one.company_profile.domain for one in own] == [f"company-{{number}}.example"]

    if number % 2:
        world.decide_next("Denied", "Not an eligible Museum")
    else:
        world.decide_next("Approved")
    qualification.create_qualifications("Education")
    decided = qualification.wait_for_decision("Education", timeout=60)
    assert decided.vetting_status == ("Denied" if number % 2 else "Approved")

    gcc = client.customers.by_id("11111111-c0c0-4000-8000-000000000005").qualification
    asked = CustomerQualificationRequest("GovernmentCommunityCloud", validation_code="987654")
    gcc.create_qualifications(asked)
    assert sorted(code.remaining_creates for code in client.validations.get_validation_codes()) == [4, 4]

    before = world.clock.freeze()
    assert world.clock.advance(timedelta(seconds=number)) - before == timedelta(seconds=number)
    assert world.clock.now() - before == timedelta(seconds=number)

    told = {{"world": world.id, "sandbox": world.base_url, "worker": os.environ.get("PYTEST_XDIST_WORKER", "")}}
    Path(f"told-{{number}}.json").write_text(json.dumps(told))
"""


@pytest.mark.parametrize(("options", "workers"), [(("-n", "4"), 4), ((), 1)], ids=["four workers", "one process"])
def test_each_has_a_world_of_its_own(tmp_path: Path, options: tuple[str, ...], workers: int) -> None:
    """All are in one sandbox, which is gone with the run; its folder too."""
    suite = Suite(tmp_path, TESTS)
    code, written = suite.run(*options)
    assert (code, f"{NUMBER} passed" in written) == (0, True), written[-3000:]
    told = [json.loads(one.read_text("utf-8")) for one in suite.folder.glob("told-*.json")]
    assert len({one["world"] for one in told}) == NUMBER
    assert len({one["sandbox"] for one in told}) == 1
    assert len({one["worker"] for one in told}) == workers
    assert suite.sandboxes() == []
    assert list(suite.temporary.glob("vetline-testing-*")) == []
