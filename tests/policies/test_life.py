"""A version from its first draft to its end, and what nobody may do to it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from bureau.models import ActionRecord
from policies.models import PolicyVersion, RatioRow
from policies.selectors import lifecycle, rulebook
from policies.services import drafting, publishing
from policies.services.publishing import CannotEnd, CannotPublish
from tests import cast
from tests.policies import invented

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_officer_drafts_and_another_person_publishes():
    officer, publisher = invented.officer(), invented.publisher()
    version = invented.draft(by=officer)
    publishing.submit(version, by=officer)
    publishing.publish(version, by=publisher)
    version.refresh_from_db()
    assert (version.state, version.author, version.published_by) == (
        "published",
        officer,
        publisher,
    )
    assert version.published_at is not None
    actions = ActionRecord.objects.filter(target_id=str(version.pk)).order_by("pk")
    assert [record.action for record in actions] == [
        "version imported",
        "version put up for review",
        "version published",
    ]


def test_a_draft_is_not_published_without_a_review():
    version = invented.draft()
    with pytest.raises(CannotPublish, match="review"):
        publishing.publish(version, by=invented.publisher())


def test_the_author_does_not_publish():
    officer = invented.officer(is_superuser=True)
    version = invented.in_review(by=officer)
    with pytest.raises(CannotPublish, match="Another person"):
        publishing.publish(version, by=officer)


def test_who_edited_a_draft_does_not_publish_it():
    officer, second = invented.officer(), invented.publisher()
    version = invented.draft(by=officer)
    drafting.edited(version, by=second)
    publishing.submit(version, by=officer)
    with pytest.raises(CannotPublish, match="edited"):
        publishing.publish(version, by=second)
    assert "publish" not in lifecycle.moves(version, second)


def test_the_database_refuses_the_author_as_publisher_too(as_application):
    officer = invented.officer()
    version = invented.in_review(by=officer)
    with pytest.raises(IntegrityError, match="published_by_another"), as_application():
        run(
            "UPDATE policies_policyversion SET state = 'published', published_by_id = %s,"
            " published_at = now() WHERE id = %s",
            officer.pk,
            version.pk,
        )


def test_a_version_sent_back_is_a_draft_again_with_the_reason_on_record():
    version = invented.in_review()
    publishing.send_back(version, by=invented.publisher(), why="article 4 is missing")
    version.refresh_from_db()
    assert version.state == "draft"
    record = ActionRecord.objects.get(action="version sent back")
    assert record.detail == {"why": "article 4 is missing"}


def test_what_two_people_do_at_once_happens_once():
    version = invented.in_review()
    stale = PolicyVersion.objects.get(pk=version.pk)
    publishing.send_back(version, by=invented.publisher(), why="no")
    with pytest.raises(ValidationError, match="no longer"):
        publishing.send_back(stale, by=invented.publisher(), why="no")


def test_the_next_version_ends_the_one_before_it():
    first = invented.published()
    second = invented.published(in_force_from=date(2025, 1, 1))
    first.refresh_from_db()
    assert first.in_force_until == date(2025, 1, 1)
    assert first.in_force_on(date(2024, 12, 31))
    assert not first.in_force_on(date(2025, 1, 1))
    assert second.in_force_on(date(2025, 1, 1))


def test_two_versions_never_hold_on_one_day():
    invented.published(in_force_from=date(2024, 6, 1), in_force_until=date(2025, 1, 1))
    version = invented.in_review(in_force_until=date(2024, 7, 1))
    with pytest.raises(CannotPublish, match="same days"):
        publishing.publish(version, by=invented.publisher())
    assert PolicyVersion.objects.get(pk=version.pk).state == "in_review"


def test_a_gap_and_an_overlap_are_refused_together():
    ratios = [
        {"when": {"tiers": [0, 1]}, "share": "0.75"},
        {"when": {"tiers": [1, 2]}, "share": "0.60"},
    ]
    version = invented.in_review(ratios=ratios)
    with pytest.raises(CannotPublish) as refused:
        publishing.publish(version, by=invented.publisher())
    said = " | ".join(refused.value.messages)
    assert "tier 1" in said and "tier 3" in said
    assert len(refused.value.messages) == 2


def test_a_failing_example_keeps_a_version_from_being_published(monkeypatch):
    def player(version):
        rules = rulebook.benefit_on(date(2024, 3, 1), area_id=version.area_id)
        assert rules.version_id == version.pk
        return ["event 1: fund expected 50.00, got 45.00"]

    monkeypatch.setattr(publishing, "_players", [player])
    version = invented.in_review()
    with pytest.raises(CannotPublish, match=r"expected 50\.00"):
        publishing.publish(version, by=invented.publisher())
    assert PolicyVersion.objects.get(pk=version.pk).state == "in_review"


def test_what_a_failed_publication_compiled_is_not_remembered(monkeypatch):
    version = invented.in_review()

    def player(version):
        rulebook.benefit_on(date(2024, 3, 1), area_id=version.area_id)
        return ["wrong"]

    monkeypatch.setattr(publishing, "_players", [player])
    with pytest.raises(CannotPublish):
        publishing.publish(version, by=invented.publisher())
    publishing.send_back(version, by=invented.publisher(), why="wrong share")
    RatioRow.objects.filter(version=version).update(share=Decimal("0.9"))
    monkeypatch.setattr(publishing, "_players", [])
    publishing.submit(version, by=version.author)
    publishing.publish(version, by=invented.publisher())
    care = rulebook.benefit_on(date(2024, 3, 1), area_id=cast.area().pk).tables.care("outpatient")
    assert {row.share for row in care.ratios} == {900_000}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE policies_ratiorow SET share = 0.9 WHERE version_id = %s",
        "DELETE FROM policies_ratiorow WHERE version_id = %s",
        "UPDATE policies_policyversion SET title = 'other' WHERE id = %s",
        "UPDATE policies_policyversion SET state = 'draft' WHERE id = %s",
        "UPDATE policies_policyversion SET in_force_until = NULL WHERE id = %s",
        "UPDATE policies_policyversion SET in_force_until = '2030-01-01' WHERE id = %s",
        "DELETE FROM policies_policyversion WHERE id = %s",
    ],
)
def test_what_is_published_cannot_be_changed_by_sql(sql, as_application):
    version = invented.published(in_force_until=date(2026, 1, 1))
    with pytest.raises(DatabaseError), as_application():
        run(sql, version.pk)


def test_rows_cannot_be_added_to_what_is_published(as_application):
    version, other = invented.published(), invented.draft(in_force_from=date(2030, 1, 1))
    with pytest.raises(DatabaseError, match="cannot be changed"), as_application():
        run(
            "UPDATE policies_ratiorow SET version_id = %s WHERE version_id = %s",
            version.pk,
            other.pk,
        )


def test_rows_in_review_cannot_be_changed():
    version = invented.in_review()
    with pytest.raises(DatabaseError, match="in_review"), transaction.atomic():
        RatioRow.objects.filter(version=version).update(share=1)


def test_an_end_is_brought_forward_and_never_back():
    version = invented.published()
    publishing.end_early(version, until=date(2026, 1, 1), by=invented.publisher())
    publishing.end_early(version, until=date(2025, 1, 1), by=invented.publisher())
    with pytest.raises(CannotEnd, match="brought forward"):
        publishing.end_early(version, until=date(2025, 6, 1), by=invented.publisher())
    with pytest.raises(CannotEnd, match="begins"):
        publishing.end_early(version, until=date(2023, 6, 1), by=invented.publisher())


def test_a_draft_has_no_end_to_bring_forward():
    with pytest.raises(CannotEnd, match="published"):
        publishing.end_early(invented.draft(), until=date(2025, 1, 1), by=invented.publisher())


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (date(2023, 12, 31), "future"),
        (date(2024, 1, 1), "in_force"),
        (date(2024, 12, 31), "in_force"),
        (date(2025, 1, 1), "superseded"),
    ],
)
def test_where_a_version_stands_follows_from_its_dates(today, standing):
    version = invented.published(in_force_until=date(2025, 1, 1))
    assert lifecycle.standing(version, today) == standing
    found = {
        name: version in lifecycle.having(PolicyVersion.objects.all(), name, today)
        for name, _label in lifecycle.STANDINGS
    }
    assert [name for name, there in found.items() if there] == [standing]


def test_a_copy_has_every_row_and_leaves_the_original_alone():
    version, officer = invented.published(), invented.officer()
    copy = publishing.copy_as_draft(version, in_force_from=date(2026, 1, 1), by=officer)
    assert (copy.state, copy.copied_from, copy.author) == ("draft", version, officer)
    copy.ratiorow_set.update(share=1)
    assert list(version.ratiorow_set.values_list("share", flat=True)) == [
        Decimal("0.75"),
        Decimal("0.60"),
        Decimal("0.50"),
    ]
