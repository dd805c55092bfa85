"""The people of a sandbox, at its pages."""

from playwright.async_api import Page

ADA, CAROL = "ada@contoso.onmicrosoft.com", "carol@fabrikam.onmicrosoft.com"
RAE, MAX = "rae@review.vetline.example", "max@review.vetline.example"


async def sign_in(page: Page, username: str, path: str = "/console/") -> None:
    """Go to a page as somebody, by the sign-in page where they are chosen.

    Parameters:
        path: where to, `/console/` for where this person works.
    """
    await page.goto(path)
    await page.get_by_role("link", name=username).click()
    await page.wait_for_url(f"**{path}*")
