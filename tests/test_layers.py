"""The plan of the house: what may know of what."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def imported(path: Path) -> set[str]:
    """The modules that a file imports, as dotted names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_blog_knows_nothing_of_the_comments():
    for path in (ROOT / "blog").rglob("*.py"):
        assert not [name for name in imported(path) if name.split(".")[0] == "comments"], path


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils.py", "services.py", "helpers.py", "signals.py"}
    assert not [
        path
        for app in ("blog", "comments", "config")
        for path in (ROOT / app).rglob("*.py")
        if path.name in drawers
    ]


def test_guests_html_is_printed_raw_where_it_is_meant_to_be_and_nowhere_else():
    raw = {
        f"{path.relative_to(ROOT / 'templates')}: {line.strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for line in path.read_text().splitlines()
        if "|safe" in line or "autoescape" in line
    }
    assert {entry.split(":")[0] for entry in raw} == {
        "blog/post.html",
        "comments/decide.html",
        "comments/held.html",
        "comments/preview.html",
    }


def test_html_is_made_by_hand_in_few_modules():
    found = (path for app in ("blog", "comments", "config") for path in (ROOT / app).rglob("*.py"))
    by_hand = {str(path.relative_to(ROOT)) for path in found if "mark_safe(" in path.read_text()}
    assert by_hand == {
        "comments/admin/comment.py",
        "comments/desk/reading.py",
        "comments/printing.py",
        "comments/templatetags/conversation.py",
    }
