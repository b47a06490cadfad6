import pytest
from django.core.management import CommandError, call_command

from bureau import invariants
from bureau.models import PoolingArea

pytestmark = pytest.mark.django_db

NAMELESS = "SELECT code, name FROM bureau_poolingarea WHERE name = ''"


@pytest.fixture(autouse=True)
def one_invariant(monkeypatch):
    monkeypatch.setattr(invariants, "_invariants", {})
    invariants.register("areas_have_names", NAMELESS, "each area has a name")


def test_a_sound_database_passes(capsys):
    call_command("verify_ledger")
    assert "areas_have_names: each area has a name" in (shown := capsys.readouterr().out)
    assert "1 invariants hold" in shown


def test_each_violator_is_counted_and_the_first_are_shown(capsys):
    for number in range(12):
        PoolingArea.objects.create(code=f"9900{number:02d}", short_name="x", province_name="x")
    with pytest.raises(CommandError, match="1 of 1 invariants are broken"):
        call_command("verify_ledger")
    shown = capsys.readouterr().out
    assert "12  areas_have_names" in shown
    assert shown.count("code=9900") == invariants.SHOWN


def test_a_name_is_taken_once():
    invariants.register("areas_have_names", NAMELESS, "said again")
    with pytest.raises(ValueError, match="two invariants are called areas_have_names"):
        invariants.register("areas_have_names", "SELECT 1", "another rule")
