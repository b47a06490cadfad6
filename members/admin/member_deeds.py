"""What the deeds of a member's page ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from facilities.admin import deeds
from facilities.admin.deeds import DeedForm, InstitutionField, PartnerField
from members.models import Stay
from policies import labels

FIRST_DAY_WITHOUT = _("The first day on which it no longer holds")
NAMED_BY = _("Code, name, pinyin or initials")


class Sign(DeedForm):
    """A contract."""

    partner = PartnerField(label=_("institution or consortium"), help_text=NAMED_BY)
    signed_from = deeds.day(_("signed from"))
    signed_until = deeds.day(_("signed until"), required=False, help_text=FIRST_DAY_WITHOUT)
    family_doctor = deeds.yes(_("family-doctor contract"))


class File(DeedForm):
    """An out-of-area filing."""

    region = deeds.text(
        _("place"), help_text=_("Division code: a province (ends in 0000) or a city (ends in 00)")
    )
    filed_from = deeds.day(_("filed from"))
    filed_until = deeds.day(_("filed until"), required=False, help_text=FIRST_DAY_WITHOUT)


class Admit(DeedForm):
    """An admission."""

    kind = deeds.choice(_("kind"), Stay.Kind.choices)
    institution = InstitutionField(label=_("institution"), required=False, help_text=NAMED_BY)
    on = deeds.day(_("admitted on"))


class Issue(DeedForm):
    """A card."""

    number = deeds.text(_("card number"))
    issued_on = deeds.day(_("issued on"))


class ChangeStatus(DeedForm):
    """A change of status."""

    to = deeds.choice(_("status"), labels.STATUSES)
    on = deeds.day(_("changed on"))


class Contribute(DeedForm):
    """A month's contribution."""

    month = deeds.day(_("month"), help_text=_("Its first day"))
    base = deeds.amount(_("contribution base"))
    amount = deeds.amount(_("contribution"))
    due_on = deeds.day(_("due on"), required=False)
    received_on = deeds.day(_("received on"), required=False)


class RecordPension(DeedForm):
    """A pension."""

    from_month = deeds.day(_("from the month"), help_text=_("Its first day"))
    amount = deeds.amount(_("monthly pension"))


class Suspend(DeedForm):
    """A suspension."""

    since = deeds.day(_("suspended from"))
    reason = deeds.text(_("reason"))


class JoinGroup(DeedForm):
    """A special group."""

    group = deeds.text(_("special group"), help_text=_("As the area's policy tables name it"))
    on = deeds.day(_("joined on"))


class End(DeedForm):
    """The end of the insurance."""

    on = deeds.day(_("insured until"), help_text=_("The first day that is no longer insured"))
    reason = deeds.text(_("reason"))
