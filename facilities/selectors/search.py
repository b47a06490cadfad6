"""One search box for institutions: name, spelling, initials, or the national code."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from facilities.models import Institution


def matching(among: QuerySet[Institution], text: str) -> QuerySet[Institution]:
    """The institutions that the text names: the code, or what the name begins with or contains."""
    text = text.strip()
    if not text:
        return among.none()
    return among.filter(_named(text))


def _named(text: str) -> Q:
    if not text.isascii():
        return Q(name__contains=text)
    typed = text.replace(" ", "").lower()
    return (
        Q(code__startswith=text.upper())
        | Q(name_pinyin__contains=typed)
        | Q(name_initials__contains=typed)
        | Q(name__icontains=text)
    )
