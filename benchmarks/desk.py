"""How quick the moderation desk is with a million comments, and with a thousand to compare.

    python -m benchmarks.desk [--keep] [--comments N]

Makes its databases in a folder of its own: on SQLite, and beside the database that DATABASE_URL
names where that is PostgreSQL. Prints a table for each and writes desk-*.json into the folder.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SMALL = 1_000  # comments to compare with
PER_POST = 100
DESK = 100  # ms: what a page of the desk may take
SEARCH = 1_000  # ms: what a search, the rest of the admin site and an act may take
ROOT = Path(__file__).parent.parent
PLAIN = {key: value for key, value in os.environ.items() if key not in ("DATA", "DATABASE_URL")}


def main() -> None:
    options = arguments()
    for vendor, url in {"sqlite": "", "postgresql": options.url}.items():
        if vendor == "sqlite" or url:
            sizes = (SMALL, options.comments)
            small, large = (measured(vendor, url, size, options) for size in sizes)
            write(small, large, options.folder / f"desk-{vendor}.json")
            show(vendor, small, large)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next time")
    url = os.environ.get("DATABASE_URL", "")
    parser.set_defaults(url=url if url.startswith("postgres") else "")
    return parser.parse_args()


def measured(vendor: str, url: str, size: int, options: argparse.Namespace) -> dict:
    """What `benchmarks.measuring` says of a made-up blog of this size."""
    folder = options.folder.resolve() / f"{vendor}-{size}"
    with database(url, size, keep=options.keep) as own:
        environment = PLAIN | {"DATA": str(folder)} | ({"DATABASE_URL": own} if own else {})
        build(folder, size, environment)
        command = [sys.executable, "-m", "benchmarks.measuring", str(options.rounds)]
        said = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
        )
    if not options.keep:
        shutil.rmtree(folder)
    return json.loads(said.stdout)


def build(folder: Path, size: int, environment: dict[str, str]) -> None:
    """Makes the blog unless a former run has kept it."""
    done = folder / "made"
    if done.exists():
        return
    print(f"Making a blog of {size:,} comments in {folder} …", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    posts = str(max(2, size // PER_POST))
    for command in (
        ["prepare", "--no-sample"],
        ["generate_corpus", "--posts", posts, "--comments", str(size)],
    ):
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
    done.touch()


@contextmanager
def database(url: str, size: int, *, keep: bool):
    """The address of a PostgreSQL database for a blog of this size; empty for SQLite."""
    if not url:
        yield ""
        return
    parts = urlsplit(url)
    name = f"{parts.path.strip('/')}_bench_{size}"
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(parts._replace(path=f"/{name}"))
        if not keep:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def write(small: dict, large: dict, file: Path) -> None:
    found = {"machine": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    found |= {"small": small, "large": large}
    file.write_text(json.dumps(found, indent=1))


def show(vendor: str, small: dict, large: dict) -> None:
    """The table, in Markdown."""
    print(f"\n## {vendor}: {large['version']}, {large['comments']:,} comments\n")
    print(f"| page | median | p95 | queries | with {SMALL:,} | |\n|---|--:|--:|--:|--:|---|")
    before = {row["name"]: row for row in small["rows"]}
    for row in large["rows"]:
        than = before[row["name"]]["median"]
        print(
            f"| {row['name']} | {row['median']:.0f} ms | {row['p95']:.0f} ms | {row['queries']} "
            f"| {than:.0f} ms | {remark(row)} |"
        )


def remark(row: dict) -> str:
    """What is wrong with a row: too slow, or a plan that reads all comments."""
    most = DESK if row["kind"] == "desk" else SEARCH
    said = [f"over {most} ms"] if row["median"] > most else []
    return ", ".join(said + [f"reads all: {plan}" for plan in row["scans"]])


if __name__ == "__main__":
    main()
