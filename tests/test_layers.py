"""The shape of the source tree: layers, and the rules of tests/rules.py, each with a control that breaks it."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import rules

EVERYWHERE = [
    rules.find_hidden_imports,
    rules.find_eager_sends,
    rules.find_silent_handlers,
    rules.find_signals,
    rules.find_missing_docstring,
]
BROKEN = [
    (rules.find_hidden_imports, "def f():\n    from kpis.facts import refill"),
    (rules.find_hidden_imports, "def f():\n    import crmsync.sync"),
    (rules.find_eager_sends, "refill.delay(1)"),
    (rules.find_eager_sends, "app.tasks['x'].apply_async(args=[1])"),
    (rules.find_silent_handlers, "try:\n    f()\nexcept:\n    raise"),
    (rules.find_silent_handlers, "try:\n    f()\nexcept Exception:\n    pass"),
    (
        rules.find_silent_handlers,
        "for i in x:\n    try:\n        f()\n    except (OSError, Exception):\n        continue",
    ),
    (rules.find_signals, "from django.db.models.signals import post_save"),
    (rules.find_signals, "class Deal:\n    def save(self):\n        self.total = 1"),
    (rules.find_queries, "deals = Deal.objects.all()"),
    (rules.find_long_tasks, "@shared_task\ndef f():\n" + "    g()\n" * 12),
    (rules.find_missing_docstring, "import os"),
]
ALLOWED = [
    (rules.find_hidden_imports, "def f():\n    import pandas"),
    (rules.find_eager_sends, "refill.delay_on_commit(1)"),
    (rules.find_silent_handlers, "try:\n    f()\nexcept FileNotFoundError:\n    pass"),
    (rules.find_silent_handlers, "try:\n    f()\nexcept Exception:\n    log.exception('failed')"),
    (rules.find_signals, "class PortalForm:\n    def save(self):\n        return connect_portal(self)"),
    (rules.find_missing_docstring, ""),
]

Rule = Callable[[ast.AST], list[int]]


def find_breaches(rule: Rule, modules: list[Path]) -> list[str]:
    parsed = ((path, ast.parse((rules.ROOT / path).read_text(encoding="utf-8"))) for path in modules)
    return [f"{path}:{line}" for path, tree in parsed for line in rule(tree)]


def test_layers_hold() -> None:
    # In a process of its own: import-linter's logging set-up would silence every logger of ours.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=rules.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("rule", EVERYWHERE)
def test_rule_holds_in_every_module(rule: Rule) -> None:
    assert find_breaches(rule, rules.list_modules()) == []


def test_pages_build_no_queries() -> None:
    pages = [path for path in rules.list_modules() if path.stem == "views" or "templatetags" in path.parts]
    assert find_breaches(rules.find_queries, pages) == []


def test_tasks_are_a_handful_of_lines() -> None:
    tasks = [path for path in rules.list_modules() if path.stem == "tasks"]
    assert find_breaches(rules.find_long_tasks, tasks) == []


def test_module_names_say_something() -> None:
    names = {part for path in rules.list_modules() for part in path.with_suffix("").parts}
    assert not names & rules.VAGUE_NAMES


def test_migrations_are_named() -> None:
    migrations = [path for app in rules.APPS for path in (rules.ROOT / app).glob("migrations/*.py")]
    assert [path.name for path in migrations if "_auto_" in path.name] == []


@pytest.mark.parametrize(("rule", "source"), BROKEN)
def test_breach_is_found(rule: Rule, source: str) -> None:
    assert rule(ast.parse(source))


@pytest.mark.parametrize(("rule", "source"), ALLOWED)
def test_honest_code_passes(rule: Rule, source: str) -> None:
    assert rule(ast.parse(source)) == []
