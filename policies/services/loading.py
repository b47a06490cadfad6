"""Load the policies that ship with the portal; loading twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.models import PoolingArea
from policies.models import Document, PolicyVersion, PublishedFigure, WorkedExample
from policies.services import exchange, publishing

DATA = Path(__file__).resolve().parent.parent / "data"


def load_all(root: Path = DATA) -> Iterator[str]:
    """Load every area's folder and say what changed, a line each."""
    for folder in sorted(path for path in root.iterdir() if (path / "area.yaml").exists()):
        yield from load_area(folder)


@transaction.atomic
def load_area(folder: Path) -> list[str]:
    """Load one area: itself, its documents, figures, versions and worked examples."""
    content = exchange.read_yaml((folder / "area.yaml").read_text(encoding="utf-8"))
    area, created = PoolingArea.objects.get_or_create(
        code=content["code"],
        defaults={name: content[name] for name in ("name", "short_name", "province_name")},
    )
    said = [_("%(area)s: new") % {"area": area}] if created else []
    said += [
        line for document in content.get("documents", []) for line in _document(area, document)
    ]
    said += [line for figure in content.get("figures", []) for line in _figure(area, figure)]
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "examples.yaml":
            said += _examples(area, path)
        elif path.name != "area.yaml":
            said += _version(area, path)
    return said


def _document(area: PoolingArea, columns: dict[str, Any]) -> list[str]:
    document, created = Document.objects.update_or_create(
        area=area, code=columns["code"], defaults=columns
    )
    return (
        [_("%(area)s: document %(number)s") % {"area": area, "number": document}] if created else []
    )


def _figure(area: PoolingArea, columns: dict[str, Any]) -> list[str]:
    figure, created = PublishedFigure.objects.get_or_create(
        area=area, series=columns["series"], year=columns["year"], defaults=columns
    )
    return [_("%(area)s: figure %(figure)s") % {"area": area, "figure": figure}] if created else []


def _version(area: PoolingArea, path: Path) -> list[str]:
    content = exchange.read_yaml(path.read_text(encoding="utf-8"))
    found = PolicyVersion.objects.filter(
        area=area,
        scheme=content.get("scheme", "310"),
        subject=content["subject"],
        in_force_from=content["in_force_from"],
        shipped=True,
    ).first()
    where = {"area": area, "file": path.name}
    if found is None:
        version = exchange.import_version(content, by=None, shipped=True)
        publishing.publish(version, by=None)
        return [_("%(area)s: %(file)s published") % where]
    if exchange.same_content(found, content):
        return []
    return [
        _("%(area)s: %(file)s differs from what is published and was left; publish a new version")
        % where
    ]


def _examples(area: PoolingArea, path: Path) -> list[str]:
    examples = exchange.read_yaml(path.read_text(encoding="utf-8"))["examples"]
    count = 0
    for example in examples:
        body = exchange.as_json(example)
        _row, created = WorkedExample.objects.update_or_create(
            area=area, name=example["name"], defaults={"body": body}
        )
        count += created
    return (
        [_("%(area)s: %(count)s worked examples") % {"area": area, "count": count}] if count else []
    )
