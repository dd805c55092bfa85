"""Where webhooks go: which URLs are taken, and what happens to names that change their mind."""

from collections.abc import Sequence

import pytest

from vetline.webhooks.addresses import LOOPBACK
from vetline.webhooks.destinations import DestinationError, Gate, resolve


class Names:
    """A name server in the test's hand: what it answers one time after the other; the last answer stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[tuple[str, int]] = []
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Answer."""
        self.asked.append((host, port))
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not found:
            raise OSError("there is no such name")
        return found


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "//host.example/hook",
        "http://host.example/hook",
        "ftp://host.example/",
        "file:///etc/passwd",
        "gopher://host.example/",
        "javascript:alert(1)",
        "https://",
        "https:///hook",
        "https://user@host.example/",
        "https://user:secret@host.example/",
        "https://good.example@127.0.0.1/",
        "https://good.example\\@127.0.0.1/",
        "https://host.example/#fragment",
        "https://host.example:0/",
        "https://host.example:99999/",
        "https://host.example:port/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://host.example/a b",
        "https://host.example/\nHost: other.example",
        "https://höst.example/",
        "https://host.example/" + "a" * 2048,
    ],
)
def test_what_is_no_plain_https_url_is_refused(url: str) -> None:
    """Before any name is asked for; the sentence tells what to give."""
    with pytest.raises(DestinationError, match="The WebhookUrl"):
        Gate().read(url)


def test_http_is_for_sandboxes() -> None:
    """Where everything is on one machine."""
    assert not Gate(plain=True).read("http://host.example/").is_secure
    destination = Gate().read("https://Host.Example:8443/hook?key=a%20b&x=1")
    assert (destination.host, destination.port, destination.authority) == ("host.example", 8443, "host.example:8443")
    assert str(destination.at("10.0.0.1")) == "https://10.0.0.1:8443/hook?key=a%20b&x=1"
    assert str(destination.at("::1")) == "https://[::1]:8443/hook?key=a%20b&x=1"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "localhost"),
        *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "169.254.169.254", "0xa9fea9fe", "10.1", "[fd00::1]"),
    ],
)
async def test_odd_spellings_of_inner_addresses_are_refused(host: str) -> None:
    """By the system's own resolver: what counts is where it would connect."""
    with pytest.raises(DestinationError, match="The WebhookUrl"):
        await Gate().check(f"https://{host}/hook")


async def test_system_resolves_names() -> None:
    """In the form in which addresses are judged."""
    assert set(await resolve("localhost", 80)) <= {"127.0.0.1", "::1"}


async def test_name_without_an_address_may_be_registered() -> None:
    """It is judged when it has one, and until then it is no address to send to."""
    gate = Gate(resolve=Names([]))
    await gate.check("https://soon.example/")
    with pytest.raises(DestinationError, match="no address"):
        await gate.addresses(gate.read("https://soon.example/"))


async def test_one_inner_address_among_public_ones_is_enough() -> None:
    """Whoever answers with both hopes for the other one."""
    gate = Gate(resolve=Names(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(DestinationError, match="not on the Internet"):
        await gate.check("https://both.example/")


async def test_name_that_changes_its_mind_is_judged_again() -> None:
    """At registration it was public; at the delivery it is asked once, and what it then says is judged."""
    names = Names(["8.8.8.8"], ["169.254.169.254"])
    gate = Gate(resolve=names)
    await gate.check("https://rebinding.example/")
    with pytest.raises(DestinationError, match="not on the Internet"):
        await gate.addresses(gate.read("https://rebinding.example/"))
    assert names.asked == [("rebinding.example", 443)] * 2


async def test_allowed_networks_may_be_registered() -> None:
    """A sandbox allows its own machine."""
    await Gate(LOOPBACK, plain=True).check("http://127.0.0.1:8080/hook")
    with pytest.raises(DestinationError):
        await Gate(LOOPBACK, plain=True).check("http://10.0.0.1/hook")
