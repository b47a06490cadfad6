"""What every request passes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bureau.audit import address_of_request

Next = Callable[[HttpRequest], HttpResponse]

# Unfold's Alpine and HTMX evaluate expressions and set styles; pages elsewhere do neither.
ADMIN_CONTENT = {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}


def remember_address(get_response: Next) -> Next:
    """Let the action log name the network address that a request came from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = address_of_request.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return get_response(request)
        finally:
            address_of_request.reset(token)

    return middleware


def loosen_content_policy_for_admin(get_response: Next) -> Next:
    """Allow the admin's pages what Unfold needs, and them alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.resolver_match and request.resolver_match.app_name == "admin":
            response._csp_update = ADMIN_CONTENT  # type: ignore[attr-defined]
        return response

    return middleware
