"""The contracts between modules hold, and each one breaks when somebody breaks it."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

APPS = ("config", "bureau", "policies", "facilities", "members", "claims")

# Contract → (file to plant it in, line that breaks it).
VIOLATIONS = {
    "one-way": ("policies/selectors/planted.py", "import members.models"),
    "bureau": ("bureau/models/planted.py", "import bureau.services.batches"),
    "policies": ("policies/models/planted.py", "import policies.services.publishing"),
    "facilities": ("facilities/selectors/planted.py", "import facilities.services.agreements"),
    "members": ("members/selectors/planted.py", "import members.ledger"),
    "claims": ("claims/settlement/planted.py", "import claims.worked_examples"),
    "claims-nouns": ("claims/settlement/models/planted.py", "import claims.settlement.services"),
    "pure-engine": ("policies/engine/planted.py", "import time"),
    "numpy-in-columns": ("policies/engine/planted.py", "import numpy"),
}
OUTSIDE_EVERY_LAYER = ("members/utilities.py", "")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for app in APPS:
        shutil.copytree(BASE_DIR / app, folder / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(BASE_DIR / "pyproject.toml", folder)
    return folder


def lint_imports(folder, *contracts):
    program = Path(sys.executable).with_name("lint-imports")
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [program, "--no-cache", *chosen],
        cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "200"},
    )  # fmt: skip


def test_every_contract_holds(copy):
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(copy, contract):
    place, line = VIOLATIONS[contract]
    (copy / place).write_text(f"{line}\n")
    try:
        done = lint_imports(copy, contract)
    finally:
        (copy / place).unlink()
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_module_outside_every_layer_breaks_the_contract_of_its_app(copy):
    place = copy / OUTSIDE_EVERY_LAYER[0]
    place.touch()
    try:
        done = lint_imports(copy, "members")
    finally:
        place.unlink()
    assert done.returncode == 1, done.stdout


def test_every_contract_has_a_planted_violation():
    text = (BASE_DIR / "pyproject.toml").read_text()
    assert set(re.findall(r'^id = "(.+)"$', text, re.MULTILINE)) == set(VIOLATIONS)


# Only the ledger writes entries: who may import the model says nothing about who writes it.

SQL_WRITE = re.compile(r"(INSERT INTO|COPY|UPDATE|DELETE FROM)\s+\"?members_entry")
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "delete"}


def writes_entries(source):
    """Yield the lines of a module that make or change account entries."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _makes_entries(node.func):
            yield node.lineno
        if isinstance(node, ast.Constant) and SQL_WRITE.search(str(node.value)):
            yield node.lineno


def _makes_entries(called):
    words = ast.unparse(called)
    return bool(
        re.fullmatch(r"(\w+\.)*Entry", words)
        or re.match(rf"(\w+\.)*Entry\.objects\b.*\.({'|'.join(WRITES)})$", words, re.DOTALL)
    )


def test_only_the_ledger_writes_entries():
    ledger = BASE_DIR / "members" / "ledger"
    elsewhere = [
        f"{path.relative_to(BASE_DIR)}:{line}"
        for app in APPS
        for path in (BASE_DIR / app).rglob("*.py")
        if not path.is_relative_to(ledger)
        for line in writes_entries(path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    "planted",
    [
        "Entry(amount=1)",
        "models.Entry.objects.create(amount=1)",
        "Entry.objects.filter(pk=1).update(amount=2)",
        "cursor.execute('INSERT INTO members_entry VALUES (1)')",
    ],
)
def test_a_planted_write_is_found(planted):
    assert list(writes_entries(planted)) == [1]
