"""The rules of the source tree that no linter knows; each takes a parsed module and returns the lines that break it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "crmsync", "surveys", "kpis", "targets")
VAGUE_NAMES = {"utils", "helpers", "misc", "common", "base"}
TASK_LINES = 12

Function = ast.FunctionDef | ast.AsyncFunctionDef


def list_modules() -> list[Path]:
    """List the product's modules, migrations left out, as paths from the root."""
    found = (path.relative_to(ROOT) for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def find_functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def name_call(node: ast.Call) -> str:
    return ast.unparse(node.func).rsplit(".", 1)[-1]


def name_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def find_hidden_imports(tree: ast.AST) -> list[int]:
    """An import of ours inside a function hides a cycle."""
    inner = (node for function in find_functions(tree) for node in ast.walk(function))
    return [node.lineno for node in inner for name in name_imports(node) if name.split(".")[0] in APPS]  # type: ignore[attr-defined]


def find_eager_sends(tree: ast.AST) -> list[int]:
    """A task sent before the commit may run before its row exists: only delay_on_commit sends."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if name_call(call) in {"delay", "apply_async", "send_task"}]


def find_silent_handlers(tree: ast.AST) -> list[int]:
    """An error of any kind is never swallowed; a named one may be."""
    handlers = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    return [node.lineno for node in handlers if node.type is None or (is_broad(node.type) and does_nothing(node.body))]


def is_broad(kind: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id in {"Exception", "BaseException"} for node in ast.walk(kind))


def does_nothing(body: list[ast.stmt]) -> bool:
    return all(isinstance(line, ast.Pass | ast.Continue | ast.Expr) and not has_call(line) for line in body)


def has_call(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) for inner in ast.walk(node))


def find_signals(tree: ast.AST) -> list[int]:
    """Nothing happens behind a save: no signals of models, no logic in save()."""
    imports = [node for node in ast.walk(tree) if "django.db.models.signals" in name_imports(node)]
    saves = [node for node in find_functions(tree) if node.name == "save" and not is_form_method(tree, node)]
    return [node.lineno for node in [*imports, *saves]]  # type: ignore[attr-defined]


def is_form_method(tree: ast.AST, function: Function) -> bool:
    owners = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and function in node.body)
    return any(owner.name.endswith("Form") for owner in owners)


def find_queries(tree: ast.AST) -> list[int]:
    """Pages call selectors and services; they build no queries of their own."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return [node.lineno for node in nodes if node.attr in {"objects", "_default_manager"}]


def find_long_tasks(tree: ast.AST) -> list[int]:
    """A task locks, calls a service and records the outcome; the work is elsewhere."""
    tasks = (node for node in find_functions(tree) if any("task" in ast.unparse(it) for it in node.decorator_list))
    return [task.lineno for task in tasks if (task.end_lineno or 0) - task.lineno >= TASK_LINES]


def find_missing_docstring(tree: ast.AST) -> list[int]:
    """A module says what it is and where it stands."""
    assert isinstance(tree, ast.Module)
    return [] if not tree.body or ast.get_docstring(tree) else [1]
