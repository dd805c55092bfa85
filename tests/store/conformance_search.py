"""What every store promises of the search among a partner's customers, whatever is typed."""

import pytest
from msgspec.structs import replace

from tests.store.records import A, B, customer, guid, next_version, save, with_customers
from vetline.store.changes import CustomerAdded, CustomerChanged, CustomerRemoved
from vetline.store.port import Store
from vetline.store.searching import CANDIDATES

NAMES = (
    ("University of Oxford", "ox.ac.uk"),
    ("Oxford Brookes University", "brookes.ac.uk"),
    ("Zürich Universität", "uzh.ch"),
    ("Universidad de Málaga", "uma.es"),
    ('O\'Neill "College" (North)', "oneill.edu"),
    ("北京大学", "pku.edu.cn"),
    ("جامعة القاهرة", "cu.edu.eg"),
    ("दिल्ली विश्वविद्यालय", "du.ac.in"),
    ("한국 대학교", "hankuk.example"),
    ("🎓 Academy", "academy.example"),
    ("Institute of Technology", "tech.example"),
)
HOSTILE = (
    "", " ", "\0", "a\0b", '"', "'", '" OR partner : "', "words : university", "uni* OR *", "NOT oxford",
    "NEAR(a b, 1)", "^oxford", "a AND", "{words} : x", "-", "*", "&", "!oxford", "<->", "oxford:*", "\\", "oxford\\",
    "' | 'x':*", "%", "_", "🎓🎓🎓", "\ud800", "\u202eoxford", "\u0301", "\U0010ffff", "x" * 10_000, "ab " * 5_000,
    "½ ㈠ ﷺ", ";--", "$1", ":limit",
)  # fmt: skip


async def found(store: Store, text: str, limit: int = 20, partner: str = A) -> list[str]:
    """Return the names that a text finds."""
    return [one.company_name for one in (await store.search(partner, text, limit)).customers]


async def with_names(store: Store) -> None:
    """Put the institutions into a store."""
    await with_customers(
        store, *(customer(number, name=name, domain=domain) for number, (name, domain) in enumerate(NAMES, start=1))
    )


class Searches:
    """`search`."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("oxford", ["Oxford Brookes University", "University of Oxford"]),
            ("OXFORD  uni", ["Oxford Brookes University", "University of Oxford"]),
            ("university of", ["University of Oxford"]),
            ("uni oxf", ["Oxford Brookes University", "University of Oxford"]),
            ("ox.ac", ["University of Oxford"]),
            ("ac.uk", ["Oxford Brookes University", "University of Oxford"]),
            ("xford", []),
            ("oxford cambridge", []),
            ("zurich", ["Zürich Universität"]),
            ("universitat", ["Zürich Universität"]),
            ("Universita\u0308t", ["Zürich Universität"]),
            ("malaga", ["Universidad de Málaga"]),
            ("o'neill", ['O\'Neill "College" (North)']),
            ('"college"', ['O\'Neill "College" (North)']),
            ("(north)", ['O\'Neill "College" (North)']),
            ("北京", ["北京大学"]),
            ("القاهرة", ["جامعة القاهرة"]),
            ("विश्व", ["दिल्ली विश्वविद्यालय"]),
            ("대학", ["한국 대학교"]),
            ("🎓", ["🎓 Academy"]),
            ("academy", ["🎓 Academy"]),
            ("institute of te", ["Institute of Technology"]),
            ("o institute", []),
            ("oxford b", ["Oxford Brookes University", "University of Oxford"]),
            ("oxford br", ["Oxford Brookes University"]),
        ],
    )
    async def test_words_of_names_and_domains_are_found(self, store: Store, text: str, names: list[str]) -> None:
        """By their beginnings, in any order, whatever their case and their accents."""
        await with_names(store)
        assert await found(store, text) == names

    async def test_names_that_begin_so_come_first_then_all_by_name(self, store: Store) -> None:
        """As somebody expects who types the beginning of a name."""
        names = ["Old School", "School B", "A School", "school a", "Zoo School", "Schoolhouse"]
        await with_customers(store, *(customer(number, name=name) for number, name in enumerate(names)))
        assert await found(store, "school") == [
            "school a",
            "School B",
            "Schoolhouse",
            "A School",
            "Old School",
            "Zoo School",
        ]

    async def test_no_more_than_asked_and_whether_there_are_more(self, store: Store) -> None:
        """Neither the end of those that begin so nor the end of the others is mistaken for the end."""
        names = ["School 1", "School 2", "A School", "B School"]
        await with_customers(store, *(customer(number, name=name) for number, name in enumerate(names)))
        for limit in range(1, 6):
            answer = await store.search(A, "school", limit)
            assert [one.company_name for one in answer.customers] == names[:limit]
            assert answer.more == (limit < len(names))

    async def test_of_very_many_some_are_shown(self, store: Store) -> None:
        """More than are put in order: those shown match, are in order, and are not said to be all."""
        await with_customers(store, *(customer(number, name=f"{number} School") for number in range(CANDIDATES + 60)))
        answer = await store.search(A, "school", 50)
        keys = [one.name_key for one in answer.customers]
        assert (len(keys), answer.more) == (50, True)
        assert keys == sorted(keys)

    async def test_other_partners_customers_are_not_found(self, store: Store) -> None:
        """However alike they are."""
        await with_customers(store, customer(1, A, "Oxford"), customer(2, B, "Oxford"), customer(3, B, "Old Oxford"))
        assert [one.id for one in (await store.search(A, "oxford", 9)).customers] == [guid(1)]
        assert await found(store, "old", partner=A) == []
        assert await found(store, B) == []

    async def test_found_customer_is_whole(self, store: Store) -> None:
        """As `customer` returns it."""
        await with_customers(store, customer(7, name="Old Oxford"))
        assert (await store.search(A, "oxford", 1)).customers == (customer(7, name="Old Oxford"),)

    async def test_search_follows_every_change_at_once(self, store: Store) -> None:
        """A new name is found, an old one is not, and nothing is found of who is gone."""
        one, other = customer(1, name="The Old Name"), customer(2, name="The Other")
        await save(store, CustomerAdded(one), CustomerAdded(other))
        changed = next_version(one, company_name="The New Name", domain="new.example")
        await save(store, CustomerChanged(changed))
        assert (await found(store, "old"), await found(store, "new name"), await found(store, "new.ex")) == (
            [], ["The New Name"], ["The New Name"],
        )  # fmt: skip
        await save(store, CustomerChanged(next_version(changed, email="z@example.com")))
        assert await found(store, "name") == ["The New Name"]
        await save(store, CustomerRemoved(A, one.id))
        assert (await found(store, "name"), await found(store, "other")) == ([], ["The Other"])

    async def test_customer_who_came_again_is_found_once(self, store: Store) -> None:
        """Removed and added under the same id, with another name."""
        await with_customers(store, customer(1, name="My First"))
        await save(store, CustomerRemoved(A, guid(1)))
        await with_customers(store, customer(1, name="My Second"))
        assert (await found(store, "first"), await found(store, "second")) == ([], ["My Second"])

    async def test_nothing_is_found_after_everything_was_forgotten(self, store: Store) -> None:
        """And what comes after that is."""
        await with_names(store)
        await store.erase()
        assert await found(store, "university") == []
        await with_customers(store, customer(1, name="The University"))
        assert await found(store, "university") == ["The University"]

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_text_is_only_a_text(self, store: Store, text: str) -> None:
        """No operator, no quote, no size: an answer, of one's own customers alone."""
        await with_names(store)
        await with_customers(store, *(replace(customer(n, B, "Oxford University")) for n in range(90, 93)))
        answer = await store.search(A, text, 5)
        assert all(one.partner == A for one in answer.customers)
        assert len(answer.customers) <= 5

    async def test_operators_of_the_index_are_no_operators(self, store: Store) -> None:
        """Words between others are words."""
        await with_names(store)
        for text in ("oxford OR malaga", "oxford | malaga", "NOT malaga", "partner : oxford"):
            assert await found(store, text) == [], text
        assert await found(store, "!malaga") == ["Universidad de Málaga"]
        assert await found(store, "oxford -brookes") == ["Oxford Brookes University"]
        assert await found(store, "oxford | brookes") == ["Oxford Brookes University"]

    async def test_names_as_long_as_they_may_be(self, store: Store) -> None:
        """Long names and long words are kept, and found by what a box can hold of them."""
        long = "Verylong" * 250
        await with_customers(store, customer(1, name=f"The {long}"), customer(2, name="The " + "ab " * 600))
        assert await found(store, long) == [f"The {long}"]
        assert await found(store, "ab ab") == ["The " + "ab " * 600]
