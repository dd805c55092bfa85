"""Labels made to be misread leave a warning; honest ones do not."""

import pytest

from vetline.reference.lookalikes import label_warnings, plain_host, skeleton


@pytest.mark.parametrize(
    "label", ["harvard", "a-b-1", "", "\u6771\u4eac", "\u30c6\u30b9\u30c8\u8a66\u9a13", "\u0434\u0436", "m\u00fcnchen"]
)
def test_plain_and_foreign_labels_are_left_alone(label: str) -> None:
    assert label_warnings(label) == ()


@pytest.mark.parametrize("label", ["h\u0430rvard", "\u03bfx", "m\u0456t"])
def test_mixed_scripts_are_named(label: str) -> None:
    assert "mixes the scripts" in label_warnings(label)[0]


@pytest.mark.parametrize(
    ("label", "looks_like"),
    [
        ("\u043c\u0456\u0442", "mit"),
        ("\u0131t", "it"),
        ("\u0430\u0440\u0440\u04cf\u0435", "apple"),
        ("\u0585\u0585", "oo"),
    ],
)
def test_whole_words_in_another_script_are_spelled_out(label: str, looks_like: str) -> None:
    assert skeleton(label) == looks_like
    assert label_warnings(label) == (f"has {label!r}, which looks like {looks_like!r}",)


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("mit.edu", "mit.edu"),
        ("xn--mt-kja.edu", "mit.edu"),
        ("xn--l1am3d.edu", "mit.edu"),
        ("xn--a-gha.b.com", "ay.b.com"),
    ],
)
def test_a_host_is_spelled_as_it_is_read(host: str, plain: str) -> None:
    assert plain_host(host) == plain
