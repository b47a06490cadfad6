from members.models.account import Account
from members.models.card import Card, CardLoss
from members.models.contract import SignedContract
from members.models.contribution import Contribution, Pension
from members.models.employer import Employer
from members.models.enrolment import Member, Suspension
from members.models.entry import Entry
from members.models.filing import Filing
from members.models.identity_change import IdentityChange
from members.models.person import Person
from members.models.relation import Relation
from members.models.status import SpecialGroupMembership, StatusChange
from members.models.stay import Stay
from members.models.year_total import YearTotal

__all__ = [
    "Account",
    "Card",
    "CardLoss",
    "Contribution",
    "Employer",
    "Entry",
    "Filing",
    "IdentityChange",
    "Member",
    "Pension",
    "Person",
    "Relation",
    "SignedContract",
    "SpecialGroupMembership",
    "StatusChange",
    "Stay",
    "Suspension",
    "YearTotal",
]
