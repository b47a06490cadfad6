"""What cannot be settled or reversed, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class CannotSettle(ValidationError):  # noqa: N818 - says what is wrong
    """The visit or these lines of it cannot be settled."""


class NothingToSettle(CannotSettle):
    """The visit has no unsettled lines."""


class CannotReverse(ValidationError):  # noqa: N818
    """The settlement was reversed before, or is a reversal itself."""


SAID_BY_THE_DATABASE = {
    "the policy version is not in force": gettext_lazy(
        "The policy version was ended while the bill was being settled. Settle it again."
    ),
    "no agreement with the institution": gettext_lazy(
        "The agreement with the institution was ended while the bill was being settled."
        " Settle it again."
    ),
    "the member had died": gettext_lazy(
        "The member's death was recorded while the bill was being settled. Settle it again."
    ),
    "a bill line is settled once": gettext_lazy(
        "A line was settled while the bill was being settled. Look at the visit again."
    ),
}
"""What two people at once can bring about: the decision was right when it was made."""


@contextmanager
def in_words() -> Iterator[None]:
    """Say in words what the database refused because somebody else was faster."""
    try:
        yield
    except IntegrityError as error:
        for beginning, words in SAID_BY_THE_DATABASE.items():
            if str(error).startswith(beginning):
                raise CannotSettle(words) from error
        raise


def in_the_future(number: str) -> CannotSettle:
    """A visit is settled on its day or later."""
    return CannotSettle(
        _("Visit %(number)s is of a later day than the one on which it is to be settled.")
        % {"number": number}
    )
