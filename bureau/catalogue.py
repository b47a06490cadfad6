"""The strings that the portal shows, found in its sources, and those that stay in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext, override, pgettext
from django.utils.translation.template import templatize

MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
ACTIONS = {"record", "_record"}  # actions of the log, shown in the reader's language
MARKERS_WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
LITERAL = r"(?:u|r)*('''.*?'''|'.*?(?<!\\)'|\".*?(?<!\\)\")"
IN_TEMPLATE = re.compile(rf"(p)?(?:gettext|\b_)\({LITERAL}(?:,\s*{LITERAL})?", re.DOTALL)

Message = tuple[str | None, str]  # context, text


def untranslated(folders: Iterable[Path], language: str = "zh-hans") -> set[Message]:
    """Return what the sources under ``folders`` show that reads the same in ``language``."""
    with override(language):
        return {
            (context, text)
            for folder in folders
            for context, text in messages(folder)
            if re.search("[A-Za-z]", text) and text == _translated(context, text)
        }


def messages(folder: Path) -> Iterator[Message]:
    """Yield every string that a folder's Python files and templates mark for translation."""
    for path in folder.rglob("*.py"):
        yield from _in_python(path.read_text(encoding="utf-8"))
    for path in folder.rglob("*.html"):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for call in IN_TEMPLATE.finditer(source):
            with_context, *literals = call.groups()
            texts = [str(ast.literal_eval(each)) for each in literals if each]
            yield (texts[0], texts[1]) if with_context else (None, texts[0])


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if name in MARKERS | ACTIONS and texts:
            yield None, str(texts[0])
        elif name in MARKERS_WITH_CONTEXT and len(texts) > 1:
            yield str(texts[0]), str(texts[1])


def _translated(context: str | None, text: str) -> str:
    return pgettext(context, text) if context else gettext(text)
