from facilities.models.agreement import Agreement
from facilities.models.consortium import Consortium, ConsortiumMembership
from facilities.models.institution import Institution
from facilities.models.staff import Department, Doctor

__all__ = [
    "Agreement",
    "Consortium",
    "ConsortiumMembership",
    "Department",
    "Doctor",
    "Institution",
]
