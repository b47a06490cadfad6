"""The cast of the tests: people, institutions and staff that every story may call on.

Each function makes one and takes what a test cares about as keywords; the rest is ordinary.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from bureau.models import PoolingArea, User
from facilities.models import (
    Agreement,
    Consortium,
    ConsortiumMembership,
    Department,
    Doctor,
    Institution,
)
from members import ledger
from members.identity import documents
from members.identity.names import spell_name
from members.models import Account, Contribution, Employer, Member, Person, StatusChange

BEGINNING = date(2015, 1, 1)
_numbers = count(1)
_people = count(1)


def area(code: str = "370200", *, name: str = "Harbour City", **fields: Any) -> PoolingArea:
    """A pooling area; the same one again when it is there."""
    defaults = {"name": name, "short_name": name[:20], "province_name": "Province", **fields}
    return PoolingArea.objects.get_or_create(code=code, defaults=defaults)[0]


def other_area() -> PoolingArea:
    """The city next door, in another province."""
    return area("320100", name="River City")


# People


def identity_number(
    *, born: date = date(1990, 5, 1), sex: str = "male", division: str = "", serial: int = 0
) -> str:
    """A resident identity number that checks; serials make different ones of the same day."""
    districts, serial = divmod(serial or next(_people), 500)
    division = division or f"37{districts % 9000 + 200:04d}"
    first = f"{division}{born:%Y%m%d}{serial * 2 + (sex == 'male'):03d}"
    return first + documents.check_character(first)


def person(name: str = "张伟", *, number: str = "", **fields: Any) -> Person:
    """Somebody with an identity number that fits birth date and sex."""
    fields = {"sex": "male", "born": date(1990, 5, 1), **fields}
    kind = fields.pop("document_type", documents.DocumentType.RESIDENT_ID)
    number = number or identity_number(born=fields["born"], sex=fields["sex"])
    spelling = spell_name(name)
    somebody = Person(
        name=name, name_pinyin=spelling.full, name_initials=spelling.initials, **fields
    )
    somebody.take_number(kind, number)
    somebody.save()
    return somebody


def member(
    who: Person | None = None,
    *,
    status: str = "in_service",
    since: date = BEGINNING,
    balance: str | None = "0",
    **fields: Any,
) -> Member:
    """An enrolment with its first status and, unless `balance` is None, an account."""
    fields = {"area": fields.pop("area", None) or area(), "insured_from": since, **fields}
    number = fields.pop("number", f"{fields['area'].pk}{next(_numbers):014d}")
    enrolment = Member.objects.create(person=who or person(), number=number, **fields)
    StatusChange.objects.create(member=enrolment, changed_on=since, status=status)
    if balance is not None and enrolment.has_account:
        ledger.open_account(enrolment, on=since, balance=Decimal(balance))
    return enrolment


def zhang(**fields: Any) -> Member:
    """Zhang Wei, in service, born on 1 May 1990."""
    return member(fields.pop("person", None) or person("张伟"), **fields)


def li(**fields: Any) -> Member:
    """Li Na, born on 3 March 1955, retired since April 2010."""
    born = date(1955, 3, 3)
    enrolment = member(
        fields.pop("person", None) or person("李娜", born=born, sex="female"),
        since=date(2000, 1, 1),
        **fields,
    )
    StatusChange.objects.create(member=enrolment, changed_on=date(2010, 3, 20), status="retired")
    return enrolment


def founding_worker(**fields: Any) -> Member:
    """Wang Guoqing, born in 1930, a founding worker (建国前老工人)."""
    someone = fields.pop("person", None) or person("王国庆", born=date(1930, 10, 1))
    return member(someone, status="founding", since=date(2000, 1, 1), **fields)


def account(enrolment: Member | None = None, *, balance: str = "300.00") -> Account:
    """The account of an enrolment without one, or of a new Zhang."""
    if enrolment is None:
        return zhang(balance=balance).account
    return ledger.open_account(enrolment, on=BEGINNING, balance=Decimal(balance))


def employer(**fields: Any) -> Employer:
    """An enterprise of the area."""
    fields = {"area": fields.pop("area", None) or area(), "name": "Harbour Cranes Ltd", **fields}
    return Employer.objects.create(code=fields.pop("code", f"E{next(_numbers):08d}"), **fields)


def contribution(enrolment: Member, month: date, **fields: Any) -> Contribution:
    """A month's contribution on a base of 8000 yuan, received in the month."""
    fields = {"base": Decimal(8000), "amount": Decimal(160), "received_on": month, **fields}
    return Contribution.objects.create(
        member=enrolment, area_id=enrolment.area_id, month=month, **fields
    )


# Institutions


def institution(
    name: str = "First Hospital", *, designated: bool = True, **fields: Any
) -> Institution:
    """An institution of the area with an agreement, unless it is not designated.

    What an agreement says (`pooling`, `external_prescriptions`, …) may be given with the rest.
    """
    terms = {key: fields.pop(key) for key in AGREEMENT_TERMS & fields.keys()}
    fields.setdefault("area", area())
    home = fields["area"].pk if fields["area"] else "310100"
    fields.setdefault("region", home)
    letter = "P" if fields.get("kind") == "pharmacy" else "H"
    fields.setdefault("code", f"{letter}{fields['region']}{next(_numbers):05d}")
    made = Institution.objects.create(name=name, **fields)
    if designated:
        agreement(made, **terms)
    return made


AGREEMENT_TERMS = {"pooling", "external_prescriptions", "dual_channel", "traceable"}


def agreement(of: Institution, *, since: date = BEGINNING, **fields: Any) -> Agreement:
    """An agreement in force since the beginning."""
    number = fields.pop("number", f"A{next(_numbers):06d}")
    return Agreement.objects.create(institution=of, number=number, in_force_from=since, **fields)


def tertiary_hospital(**fields: Any) -> Institution:
    """A hospital of tier 3 and charge class 1."""
    return institution(**{"name": "Central Hospital", "tier": 3, "charge_class": 1, **fields})


def community_station(**fields: Any) -> Institution:
    """An unrated community health station."""
    return institution(**{"name": "Seaside Community Station", "community": True, **fields})


def pharmacy(**fields: Any) -> Institution:
    """A retail pharmacy that the bureau opened for outpatient pooling."""
    return institution(
        **{"name": "Longevity Pharmacy", "kind": "pharmacy", "pooling": "opened", **fields}
    )


def internet_hospital(of: Institution, **fields: Any) -> Institution:
    """The internet hospital of a physical one; designated is what the physical one is."""
    return institution(
        **{
            "name": f"{of.name} Online",
            "kind": "internet",
            "physical": of,
            "designated": False,
            "area": of.area,
            **fields,
        }
    )


def consortium(*institutions: Institution, **fields: Any) -> Consortium:
    """A consortium of the given institutions since the beginning."""
    fields = {"area": fields.pop("area", None) or area(), "name": "North Consortium", **fields}
    made = Consortium.objects.create(code=fields.pop("code", f"M{next(_numbers)}"), **fields)
    for one in institutions:
        ConsortiumMembership.objects.create(consortium=made, institution=one, joined_on=BEGINNING)
    return made


def department(of: Institution, **fields: Any) -> Department:
    """Internal medicine."""
    return Department.objects.create(
        institution=of, **{"code": f"{next(_numbers):04d}", "name": "Internal medicine", **fields}
    )


def doctor(of: Institution, **fields: Any) -> Doctor:
    """A doctor of the institution."""
    code = f"D{of.region}{next(_numbers):06d}"
    return Doctor.objects.create(institution=of, **{"code": code, "name": "陈医生", **fields})


# Staff


def staff(
    username: str = "",
    *,
    areas: Iterable[PoolingArea] = (),
    groups: Iterable[str] = (),
    **fields: Any,
) -> User:
    """A member of staff who sees the given areas, in the given groups."""
    username = username or f"staff{next(_numbers)}"
    user = User.objects.create_user(
        username=username, password="a long enough secret", is_staff=True, **fields
    )
    user.areas.set(areas)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def clerk(**fields: Any) -> User:
    """A clerk of the area."""
    return staff(**{"display_name": "Zhao, clerk", "areas": [area()], **fields})


def clerk_elsewhere(**fields: Any) -> User:
    """A clerk of another city, who must see nothing of this one."""
    return staff(**{"display_name": "Charlie, elsewhere", "areas": [other_area()], **fields})


def chief(**fields: Any) -> User:
    """A superuser, for pages whose permissions are not the point."""
    return staff(**{"display_name": "Chief", "is_superuser": True, **fields})
