"""Signing in and out of a real sandbox, as browsers do and as those do who would be somebody else."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from tests.console.conftest import Visit
from tests.support.processes import Sandbox
from tests.support.visitor import ADA, BOB, CAROL, MAX, RAE, Visitor

PENDING = "vetline-sign-in"


def _heading(answer: httpx2.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found, answer.text
    return found[1]


def _session_of(answer: httpx2.Response) -> str | None:
    found = [one for one in answer.headers.get_list("set-cookie") if re.match(r"(__Host-)?vetline=", one)]
    return found[0] if found else None


def test_whoever_comes_is_led_to_sign_in_and_back(visitor: Visitor) -> None:
    """To the very page that they wanted, with what stood behind its question mark."""
    asked = visitor.get("/console/customers?name=Oxford%20%26%20more")
    assert asked.status_code == 303
    way_back = parse_qs(urlsplit(asked.headers["location"]).query)["next"][0]
    answer = visitor.sign_in(ADA, way_back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/customers?name=Oxford%20%26%20more")
    assert visitor.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("username", "page"),
    [(ADA, "/console/customers"), (CAROL, "/console/customers"), (RAE, "/console/queue"), (MAX, "/console/queue")],
)
def test_everybody_comes_to_where_they_work(visitor: Visitor, username: str, page: str) -> None:
    """Partners' people to their customers, reviewers to what waits."""
    visitor.sign_in(username)
    assert visitor.get("/console/").headers["location"] == page


def test_without_a_second_factor_nobody_gets_in(visitor: Visitor) -> None:
    """A page says what to do; there is no session, and another account can be chosen."""
    answer = visitor.sign_in(BOB)
    assert (answer.status_code, _heading(answer)) == (403, "Sign in with a second factor")
    assert _session_of(answer) is None
    assert not visitor.is_signed_in
    other = re.search(r'href="(/console/sign-in\?other=1[^"]*)"', answer.text)
    assert other
    assert "prompt=select_account" in visitor.get(other[1].replace("&amp;", "&")).headers["location"]


def test_cookie_is_for_this_service_alone(visitor: Visitor) -> None:
    """No script reads it, no other site sends it, and it goes when the browser is closed."""
    kept = _session_of(visitor.sign_in())
    assert kept is not None
    assert sorted(kept.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=lax"]


def test_over_https_the_cookie_is_this_hosts_alone(tls_sandbox: Sandbox) -> None:
    """Nothing planted by a neighbour or over plain http is taken."""
    with Visitor(tls_sandbox.base, tls_sandbox.trust()) as visitor:
        kept = _session_of(visitor.sign_in())
        assert kept is not None
        assert kept.startswith("__Host-vetline=")
        assert sorted(kept.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=lax", "Secure"]
        assert visitor.is_signed_in
        session = str(visitor.cookie("__Host-vetline"))
        visitor.keep(session)  # the same value under the name that plain http has
        assert not visitor.is_signed_in


def test_each_sign_in_is_a_new_session(visit: Visit) -> None:
    """What the browser brought is never kept, and what it was is over: nobody can prepare a session for somebody."""
    attacker, victim = visit(), visit()
    attacker.sign_in(CAROL)
    planted = str(attacker.cookie())
    victim.keep(planted)
    victim.sign_in(ADA)
    assert victim.cookie() != planted
    assert victim.is_signed_in
    assert not attacker.is_signed_in


def test_signing_out_ends_a_stolen_cookie(visit: Visit) -> None:
    """In every browser at once, and it stays ended when the sandbox is made fresh."""
    owner, thief = visit(), visit()
    owner.sign_in()
    thief.keep(str(owner.cookie()))
    assert thief.is_signed_in
    answer = owner.post("/console/sign-out")
    assert (answer.status_code, _heading(answer)) == (200, "You are signed out")
    assert owner.cookie() is None
    assert not thief.is_signed_in


def test_ended_session_stays_ended(sandbox: Sandbox, visitor: Visitor) -> None:
    """A reset and a hurried clock bring no session back."""
    visitor.sign_in()
    session = str(visitor.cookie())
    visitor.post("/console/sign-out")
    sandbox.reset()
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 30 * 86_400}).raise_for_status()
    visitor.keep(session)
    assert not visitor.is_signed_in


def test_hurried_clock_signs_nobody_out(sandbox: Sandbox, visitor: Visitor) -> None:
    """Sessions go by the machine's time, not by the one that a sandbox can move; and signing in goes on working."""
    visitor.sign_in()
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 30 * 86_400}).raise_for_status()
    assert visitor.is_signed_in
    assert visitor.sign_in().status_code == 303


def test_signed_out_page_leads_to_the_issuers(visitor: Visitor) -> None:
    """As a link, for whoever shares a computer."""
    visitor.sign_in()
    page = visitor.post("/console/sign-out")
    links = re.findall(r'href="(http[^"]*)"', page.text)
    assert [urlsplit(link).path for link in links] == ["/organizations/oauth2/v2.0/logout"]
    assert "Signed out" in visitor.get(links[0]).text


def test_only_the_own_pages_can_sign_somebody_out(visitor: Visitor) -> None:
    """A form without the session's word, or from another site, changes nothing; neither does a link."""
    visitor.sign_in()
    assert visitor.http.post("/console/sign-out", data={"csrf": "made-up"}).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert visitor.http.post("/console/sign-out", data={"csrf": visitor.word()}, headers=elsewhere).status_code == 403
    assert visitor.get("/console/sign-out").status_code == 405
    assert visitor.is_signed_in


def test_signing_out_twice_is_no_failure(visitor: Visitor) -> None:
    """The second tab says the same as the first."""
    visitor.sign_in()
    word = visitor.word()
    visitor.post("/console/sign-out", csrf=word)
    assert visitor.post("/console/sign-out", csrf=word).status_code == 200


# Coming back


def test_address_of_the_way_back_is_good_once(visitor: Visitor) -> None:
    """The browser forgets the sign-in; and were it kept by somebody, the issuer knows the code is used."""
    address = visitor.begin()
    pending = str(visitor.cookie(PENDING))
    back = visitor.choose(address, ADA)
    assert visitor.get(back).status_code == 303
    again = visitor.get(back)
    assert (again.status_code, _heading(again)) == (400, "This sign-in was not begun here")
    visitor.keep(pending, PENDING)
    replayed = visitor.get(back)
    assert (replayed.status_code, _heading(replayed)) == (400, "That took too long")
    assert _session_of(replayed) is None


def test_nobody_is_signed_in_by_a_link_that_somebody_sends(visit: Visit) -> None:
    """The way back belongs to the browser that began: else one would work in a stranger's account."""
    attacker, victim = visit(), visit()
    back = attacker.choose(attacker.begin(), CAROL)
    for prepared in (False, True):
        if prepared:
            victim.begin()
        answer = victim.get(back)
        assert (answer.status_code, _heading(answer)) == (400, "This sign-in was not begun here")
        assert _session_of(answer) is None


def test_code_of_another_sign_in_is_worth_nothing(visit: Visit) -> None:
    """A stolen code with one's own state: its proof is in the other browser."""
    victim, thief = visit(), visit()
    stolen = parse_qs(urlsplit(victim.choose(victim.begin(), ADA)).query)["code"][0]
    own = parse_qs(urlsplit(thief.begin()).query)["state"][0]
    answer = thief.get(f"/console/signed-in?{urlencode({'code': stolen, 'state': own})}")
    assert (answer.status_code, _session_of(answer)) == (400, None)


def test_answer_to_another_nonce_is_not_believed(visitor: Visitor) -> None:
    """The id token has to name this very sign-in, even when all else fits."""
    address = visitor.begin()
    query = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    other = f"{address.partition('?')[0]}?{urlencode(query | {'nonce': 'another'})}"
    answer = visitor.get(visitor.choose(other, ADA))
    assert (answer.status_code, _heading(answer)) == (400, "The sign-in could not be verified")
    assert _session_of(answer) is None


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        ("access_denied", 403, "You were not signed in"),
        ("consent_required", 403, "Your organisation has to agree first"),
        ("temporarily_unavailable", 503, "The sign-in service does not answer"),
        ("invalid_scope", 500, "Signing in is not set up correctly"),
        ("<script>alert(1)</script>", 500, "Signing in is not set up correctly"),
        ("", 500, "Signing in is not set up correctly"),
    ],
)
def test_issuers_errors_are_pages(visitor: Visitor, error: str, status: int, heading: str) -> None:
    """Each with what to do next, and with nothing of what stands in the address."""
    state = parse_qs(urlsplit(visitor.begin()).query)["state"][0]
    description = "AADSTS65004: <b>said by a stranger</b>"
    query = urlencode({"error": error, "error_description": description, "state": state})
    answer = visitor.get(f"/console/signed-in?{query}")
    assert (answer.status_code, _heading(answer)) == (status, heading)
    assert "stranger" not in answer.text
    assert "alert(1)" not in answer.text
    assert 'href="/console/sign-in?next=%2Fconsole%2F"' in answer.text


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_errors_that_nobody_asked_for_are_not_shown(visitor: Visitor, error: str) -> None:
    """Without this browser's state the address may be anybody's."""
    answer = visitor.get(f"/console/signed-in?error={error}")
    assert (answer.status_code, _heading(answer)) == (400, "This sign-in was not begun here")


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/console/",
        "/\\evil.example",
        "/console/../..//evil.example",
        "/console/%2e%2e/%2f%2fevil.example",
        "https://evil.example/console/",
        "/console/%5c%5cevil.example",
        "javascript:alert(1)",
        "/sandbox/info",
        "/console/sign-in",
        "/console/x\r\nSet-Cookie: a=b",
    ],
)
def test_way_back_is_a_page_of_ours(visitor: Visitor, wanted: str) -> None:
    """Whatever the link said that somebody followed."""
    assert visitor.sign_in(ADA, wanted).headers["location"] == "/console/"


def test_browser_that_knows_us_by_another_name_is_brought_over(sandbox: Sandbox, visitor: Visitor) -> None:
    """Else its cookie would stay behind under that name; once, for behind a proxy it may look so for ever."""
    port = urlsplit(sandbox.base).port
    with Visitor(f"http://localhost:{port}") as other:
        asked = other.get("/console/sign-in?next=/console/codes")
        assert asked.headers["location"] == f"{sandbox.base}/console/sign-in?next=%2Fconsole%2Fcodes&here=1"
        proxied = other.get("/console/sign-in?next=/console/codes&here=1")
        assert urlsplit(proxied.headers["location"]).path == "/organizations/oauth2/v2.0/authorize"


# Cookies


@pytest.mark.parametrize("place", [0, 1, 2])
def test_changed_cookie_is_nobodys(visitor: Visitor, place: int) -> None:
    """Header, content or signature: one letter is enough."""
    visitor.sign_in(ADA)
    parts = str(visitor.cookie()).split(".")
    changed = parts[place]
    parts[place] = changed[:5] + ("A" if changed[5] != "A" else "B") + changed[6:]
    visitor.keep(".".join(parts))
    assert not visitor.is_signed_in


@pytest.mark.parametrize("value", ["", "x", "..", "a.b.c", "\x80", "9" * 5_000, "eyJhbGciOiJub25lIn0.W10."])
def test_made_up_cookies_are_nobodys(sandbox: Sandbox, value: str) -> None:
    """And never a failure."""
    cookie = f"vetline={value}".encode("latin-1")
    answer = sandbox.http.get("/console/", headers={b"Cookie": cookie}, follow_redirects=False)
    assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, "/console/sign-in")


def test_one_cookie_does_not_stand_for_the_other(visitor: Visitor) -> None:
    """A sign-in that was begun is no session, though the same service sealed it."""
    visitor.begin()
    visitor.keep(str(visitor.cookie(PENDING)))
    assert not visitor.is_signed_in


def test_nothing_of_a_sign_in_is_logged_or_kept(visitor: Visitor, sandbox: Sandbox) -> None:
    """Neither code nor state nor cookie, only who came and who did not; and no cache keeps what is on the way."""
    address = visitor.begin()
    pending = str(visitor.cookie(PENDING))
    back = visitor.choose(address, BOB)
    query = parse_qs(urlsplit(back).query)
    answer = visitor.get(back)
    assert answer.headers["cache-control"] == "no-store"
    visitor.sign_in(RAE)
    session = str(visitor.cookie())
    visitor.post("/console/sign-out")
    log = sandbox.log()
    assert "without-mfa" in log
    assert '"actor":"reviewer:d4f3f5c7-66e8-4b4d-8f90-3ea285bc4f01"' in log
    assert [secret for secret in (query["code"][0], query["state"][0], pending, session) if secret in log] == []


def test_sessions_outlive_a_restart_and_so_do_their_ends(tmp_path: Path) -> None:
    """With its data a sandbox keeps the key that signs them."""
    with Sandbox("--data", str(tmp_path)) as before, Visitor(before.base) as kept, Visitor(before.base) as ended:
        kept.sign_in(ADA)
        ended.sign_in(RAE)
        cookies = [str(kept.cookie()), str(ended.cookie())]
        ended.post("/console/sign-out")
        before.stop()
    with Sandbox("--data", str(tmp_path)) as after, Visitor(after.base) as visitor:
        for cookie, known in zip(cookies, (True, False), strict=True):
            visitor.keep(cookie)
            assert visitor.is_signed_in is known
    assert (tmp_path / "console.key").stat().st_mode & 0o777 == 0o600
