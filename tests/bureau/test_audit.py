import pytest
from django.db import DatabaseError, transaction

from bureau import audit
from bureau.models import ActionRecord, PoolingArea, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return PoolingArea.objects.create(
        code="990100", name="甲市", short_name="甲", province_name="某省"
    )


@pytest.fixture
def clerk(area):
    clerk = User.objects.create_user("clerk", display_name="钱经办")
    clerk.areas.add(area)
    return clerk


def test_a_record_names_the_actor_the_target_and_its_area(area, clerk):
    record = audit.record("area opened", area, by=clerk, detail={"reason": "new"})

    assert (record.actor, record.actor_name, record.area_id) == (clerk, "钱经办", "990100")
    assert (record.target_type, record.target_id) == ("bureau.poolingarea", "990100")


def test_the_portal_itself_acts_as_system(area):
    assert audit.record("area closed", area, by=None).actor_name == "system"


@pytest.mark.parametrize("attack", ["update", "delete"])
def test_the_database_keeps_every_record_as_it_was_written(area, attack):
    audit.record("area opened", area, by=None)

    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        if attack == "update":
            ActionRecord.objects.update(action="nothing happened")
        else:
            ActionRecord.objects.all().delete()
    assert ActionRecord.objects.get().action == "area opened"
