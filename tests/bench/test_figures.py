"""Figures are what was measured, and what was not measured is said."""

import json
from pathlib import Path

import pytest
from bench.figures import keep, medians, percentile
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_as_many_are_not_above_it(values: list[float], share: float) -> None:
    """That is what a percentile says."""
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6
    assert sum(value < found for value in values) < share * len(values) + 1e-6


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_of_a_hundred(share: float, expected: int) -> None:
    """Of the numbers up to a hundred the 99th percentile is 99."""
    assert percentile(range(1, 101), share) == expected


def test_medians_are_of_each_figure_by_itself() -> None:
    """One slow round spoils nothing."""
    rows = [{"GET": 1.0, "POST": 9.0}, {"GET": 100.0, "POST": 8.0}, {"GET": 2.0, "POST": 7.0}]
    assert medians(rows) == {"GET": 2.0, "POST": 8.0}


def test_a_part_measured_again_leaves_the_others(tmp_path: Path) -> None:
    """Each keeps the load that it was measured under."""
    file = tmp_path / "results.json"
    keep("one", {"a": {"per s": 1.0}}, "0.1", file)
    keep("two", {"b": {"not measured": "it did not start"}}, "0.2", file)
    keep("one", {"a": {"per s": 2.0}}, "0.3", file)
    parts = json.loads(file.read_text("utf-8"))["parts"]
    assert {name: (part["load average"], part["figures"]) for name, part in parts.items()} == {
        "one": ("0.3", {"a": {"per s": 2.0}}),
        "two": ("0.2", {"b": {"not measured": "it did not start"}}),
    }


def test_the_machine_is_kept_beside_the_figures(tmp_path: Path) -> None:
    """Without it an absolute figure says nothing."""
    keep("one", {}, "0.1", tmp_path / "results.json")
    kept = json.loads((tmp_path / "results.json").read_text("utf-8"))["parts"]["one"]["machine"]
    assert kept.keys() == {"python", "system", "processor", "processors", "memory, MiB"}
    assert all(kept.values())
