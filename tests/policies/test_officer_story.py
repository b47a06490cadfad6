"""An officer's story in a browser: from the version in force to the next visit's new share."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils.translation import gettext as _

from bureau.models import User
from bureau.roles import POLICY_OFFICER, POLICY_PUBLISHER, apply_roles
from claims.settlement.services.settlement import settle
from policies.models import PolicyVersion
from policies.selectors import problems
from tests import cast
from tests.claims import desk as clerk
from tests.policies import invented

CHROMIUM = Path("/usr/bin/chromium")
PASSWORD = "a long enough secret"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture
def chromium(monkeypatch):
    """A browser. Beside Playwright's loop, Django opens a connection of its own: it is closed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
        connection.close()


@pytest.fixture
def sit_down(chromium, live_server):
    """``sit_down(user)`` is a desk at which the user is signed in."""

    def signed_in(user: User):
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{live_server.url}/admin/login/?next=/admin/policies/policyversion/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("#result_list")
        return Desk(page, live_server.url)

    return signed_in


class Desk:
    """A browser in which somebody works on a version."""

    def __init__(self, page, url):
        self.page, self.versions = page, f"{url}/admin/policies/policyversion"

    def copy(self, title, begins):
        """Copy the version of a title from its own page into a draft."""
        self.page.get_by_role("link", name=title).click()
        self.page.locator("a", has_text=_("More")).first.click()
        self.page.get_by_role("link", name=_("Copy as a draft")).click()
        self.page.fill("input[name=in_force_from]", begins)
        self.page.get_by_role("button", name=_("Copy"), exact=True).click()
        self.page.wait_for_url("**/change/")

    def open(self, version):
        self.page.goto(f"{self.versions}/{version.pk}/change/")

    def tick_tier(self, number, tier, ticked):
        """Tick a tier in a row of ratios, or take the tick away."""
        row = self.ratio(number)
        row.locator(".col-tiers summary").click()
        row.locator(f".col-tiers input[value='{tier}']").set_checked(ticked)

    def ratio(self, number):
        """A row of ratios, as it stands on the page."""
        return self.page.locator("#ratiorow_set-group [data-row]").nth(number - 1)

    def save(self):
        self.page.locator("[name=_save]").click()
        self.page.wait_for_url("**/policyversion/")

    def review(self, version):
        self.page.goto(f"{self.versions}/{version.pk}/review/")

    def take(self, step):
        """Take a step of a version's life from its review page."""
        self.page.locator(f"button[name={step}]").click()

    def reads(self, place):
        """What the page says in a place."""
        return self.page.locator(place).inner_text()


def test_an_officer_raises_a_share_and_the_next_visit_pays_it(sit_down):
    apply_roles()
    officer = cast.staff("wang", areas=[cast.area()], groups=[POLICY_OFFICER])
    publisher = cast.staff("sun", areas=[cast.area()], groups=[POLICY_PUBLISHER])
    invented.published(by=officer)
    hospital, zhang = cast.tertiary_hospital(), cast.zhang()

    def visit(day, amount):
        return str(settle(clerk.visit(zhang, hospital, day, amount), by=None).fund)

    assert visit(date(2024, 5, 6), 1100) == "500.00"

    # The officer copies the version in force, raises the share of tier 3, and by mistake ticks
    # tier 2 in the same row.
    wang = sit_down(officer)
    wang.copy("Outpatient benefits", "2024-07-01")
    wang.ratio(3).locator("input[name$='-share']").fill("55")
    wang.tick_tier(3, 2, True)
    wang.save()
    draft = PolicyVersion.objects.get(state="draft")
    assert draft.ratiorow_set.get(position=3).tiers == [2, 3]

    # The check shows the overlap as the case that two rows answer, and what has changed.
    wang.review(draft)
    (overlap,) = problems.problems_of(draft)
    assert overlap.kind == "overlap"
    assert _("%(tiers)s institutions") % {"tiers": _("tier 2")} in overlap.sentence
    assert overlap.sentence in wang.reads("#problems")
    assert "50%" in wang.reads("#differences")
    assert "55%" in wang.reads("#differences")
    wang.take("submit")
    wang.page.wait_for_url("**/change/")

    # A second person is refused to publish it for that reason, and sends it back.
    sun = sit_down(publisher)
    sun.review(draft)
    sun.take("publish")
    assert overlap.sentence in sun.reads(".panel.bad")
    sun.page.fill("textarea[name=why]", "rows 2 and 3 overlap")
    sun.take("send_back")
    sun.page.wait_for_url("**/change/")

    # The officer mends the row and submits again; now it is published.
    wang.open(draft)
    wang.tick_tier(3, 2, False)
    wang.save()
    wang.review(draft)
    assert wang.page.locator("#problems.good").count() == 1
    wang.take("submit")
    wang.page.wait_for_url("**/change/")
    sun.review(draft)
    sun.take("publish")
    sun.page.wait_for_url("**/change/")
    assert sun.page.locator(".facts .badge.success").count() == 1

    # Visits before its day keep the old share, the next one pays the new.
    assert [visit(date(2024, 6, 30), 100), visit(date(2024, 7, 1), 100)] == ["50.00", "55.00"]
