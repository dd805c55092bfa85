"""A path means the same however a client writes it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.wire.spelling import in_any_case
from vetline.wire.paths import guid_of, segments_of

PATH = ("v1", "customers", "all", "validations")


@given(st.lists(st.sampled_from(("/", "//", "///")), min_size=4, max_size=4), st.data(), st.sampled_from(("", "/")))
def test_slashes_and_casing(slashes: list[str], data: st.DataObject, end: str) -> None:
    """Doubled slashes, any case, a trailing slash and a repeated version are one path."""
    written = [data.draw(in_any_case(segment)) for segment in PATH]
    path = "".join(slash + segment for slash, segment in zip(slashes, written, strict=True)) + end
    assert segments_of(path) == list(PATH)
    assert segments_of("/v1" + path) == list(PATH)
    assert segments_of("/v1/V1/" + path) == list(PATH)


@given(st.text())
def test_any_path(path: str) -> None:
    """Normalising twice changes nothing."""
    found = segments_of(path)
    assert segments_of("/" + "/".join(found)) == found


@given(st.uuids(), st.booleans(), st.data())
def test_guids(guid: object, braces: bool, data: st.DataObject) -> None:
    """A GUID in any case, plain or in braces."""
    written = data.draw(in_any_case(str(guid)))
    assert guid_of(f"{{{written}}}" if braces else written) == str(guid)


@given(st.uuids(), st.sampled_from(("{%s", "%s}", " %s", "%s\n", "(%s)", "{{%s}}", "%s0", "urn:uuid:%s")))
def test_what_is_no_guid(guid: object, form: str) -> None:
    """Anything around it but one pair of braces makes it none."""
    assert guid_of(form % guid) is None


@given(st.text(max_size=40))
def test_any_text_is_no_guid(text: str) -> None:
    """A text of other characters is none."""
    assert guid_of(text) is None or set(text.lower()) <= set("0123456789abcdef-{}")
