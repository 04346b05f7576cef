"""How many pages and comments a second, beside what the same machine does without a blog.

    python -m benchmarks.serving [--seconds N]

Serves the sample blog on SQLite, and beside the database that DATABASE_URL names where that is
PostgreSQL (with the Redis of CACHE_URL, where there is one), as `make run` does: two web processes
and a worker. wrk asks from the same machine, by eight connections. Prints a table of ratios, and
writes serving.json into the folder. Needs wrk; nginx where it is to be compared.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.desk import PLAIN, ROOT, database

POST = "/2014/01/other-peoples-pencil/"
HERE = Path(__file__).parent
ENCODING = {"Accept-Encoding": "gzip"}
NGINX = """
user root; worker_processes 2; daemon off; error_log stderr crit; pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    location = {path} {{
      default_type text/html; add_header Content-Encoding gzip;
      root {folder}; rewrite ^ /page.gz break;
    }}
  }}
}}
"""


@dataclass
class Rate:
    """What wrk and the processes' own clocks say; times in milliseconds."""

    name: str
    per_second: float
    p99: float
    worst: float
    cpu: float  # of all processes of the server, each request
    errors: int


def main() -> None:
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="colloquy-bench-"))
    found = {}
    try:
        for vendor, url in {"sqlite": "", "postgresql": options.url}.items():
            if vendor == "sqlite" or url:
                with database(url, 0, keep=False) as own:
                    found[vendor] = measured(folder / vendor, own, options.seconds)
                show(vendor, found[vendor])
    finally:
        shutil.rmtree(folder)
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "serving.json").write_text(json.dumps(found, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--seconds", type=int, default=8)
    url = os.environ.get("DATABASE_URL", "")
    parser.set_defaults(url=url if url.startswith("postgres") else "")
    return parser.parse_args()


def measured(folder: Path, url: str, seconds: int) -> list[dict]:
    """Every rate of one database: the floors and the blog, each alone on the machine."""
    folder.mkdir()
    page, rates = folder / "page.gz", []
    more = {"DATABASE_URL": url, "CACHE_URL": os.environ.get("CACHE_URL", "")} if url else {}
    environment = PLAIN | {"DATA": str(folder / "data"), "LOG_LEVEL": "ERROR"} | more
    with served([sys.executable, "manage.py", "serve"], 8810, environment) as blog:
        page.write_bytes(gzip.compress(fetch(8810, POST), 6))
        rates.append(asked("hit", 8810, POST, seconds, blog))
        rates.append(asked("hit: the front", 8810, "/", seconds, blog))
        with renewing(environment):
            rates.append(asked("hit, 20 changes a second", 8810, POST, seconds, blog))
        for connections in (8, 32):
            name = f"comments, {connections} writers"
            rates.append(sent(name, 8810, f"{POST}comments/", seconds, blog, connections))
    for name, command in floors(folder, page).items():
        own = PLAIN | {"BENCH_PAGE": str(page), "PYTHONPATH": str(ROOT)}
        with served(command, 8811, own) as floor:
            rates.append(asked(name, 8811, POST, seconds, floor))
    return [asdict(rate) for rate in rates]


def floors(folder: Path, page: Path) -> dict[str, list[str]]:
    words = "--interface=wsgi --host=127.0.0.1 --port=8811 --workers=2 --blocking-threads=4 --no-ws"
    granian = [sys.executable, "-m", "granian", *words.split(), "--log-level=warning"]
    found = {
        "floor: bare WSGI function": [*granian, "benchmarks.floors:bare"],
        "floor: plain Django view": [*granian, "benchmarks.floors:plain"],
    }
    if shutil.which("nginx"):
        settings = folder / "nginx.conf"
        settings.write_text(NGINX.format(folder=folder, port=8811, path=POST))
        found["floor: nginx, a file"] = ["nginx", "-p", str(folder), "-c", str(settings)]
    return found


@contextmanager
def served(command: list[str], port: int, environment: dict[str, str]):
    """Runs a server until it is no longer needed; gives its process."""
    own = environment | {"PORT": str(port)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(600):
            try:
                fetch(port, "/healthz" if "serve" in command else POST)
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(2)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def renewing(environment: dict[str, str]):
    """Twenty times a second something that readers see of the post changes."""
    code = (
        "import time\nfrom blog import editions\nfrom blog.models import Post\n"
        f"key = Post.objects.get(slug={POST.split('/')[-2]!r}).pk\n"
        "while True:\n    editions.renew_threads([key])\n    time.sleep(0.05)"
    )
    words = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    process = subprocess.Popen(words, cwd=ROOT, env=environment)
    time.sleep(2)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def fetch(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read()


def asked(name: str, port: int, path: str, seconds: int, server: subprocess.Popen) -> Rate:
    for _ in range(20):
        fetch(port, path)
    headers = [word for one in ENCODING.items() for word in ("-H", ": ".join(one))]
    return wrk(name, [*headers, f"http://127.0.0.1:{port}{path}"], seconds, server, 8)


def sent(
    name: str, port: int, path: str, seconds: int, server: subprocess.Popen, connections: int
) -> Rate:
    script = ["-s", str(HERE / "post.lua"), f"http://127.0.0.1:{port}{path}"]
    return wrk(name, script, seconds, server, connections)


def wrk(
    name: str, words: list[str], seconds: int, server: subprocess.Popen, connections: int
) -> Rate:
    before = cpu_of(server)
    said = subprocess.run(
        ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", *words],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    used = cpu_of(server) - before
    requests = int(re.search(r"(\d+) requests in", said)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    p99, worst = in_ms(r"99%\s+([\d.]+)(us|ms|s)", said), in_ms(
        r"Latency\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)", said
    )  # fmt: skip
    failed = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    failed += int(found[1]) if (found := re.search(r"Non-2xx or 3xx responses: (\d+)", said)) else 0
    row = Rate(name, rate, p99, worst, 1000 * used / max(1, requests), failed)
    print(f"{row.per_second:10.0f}/s  p99 {row.p99:6.1f} ms  {name}", file=sys.stderr)
    return row


def in_ms(pattern: str, said: str) -> float:
    number, unit = re.search(pattern, said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def cpu_of(server: subprocess.Popen) -> float:
    """Seconds that all processes of a server's session have used."""
    total, tick = 0, os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == server.pid:
            total += int(fields[11]) + int(fields[12])
    return total / tick


def show(vendor: str, rates: list[dict]) -> None:
    """The table, in Markdown."""
    bare = next(rate for rate in rates if rate["name"] == "floor: bare WSGI function")
    print(f"\n## {vendor}\n")
    print("| measured | a second | of the bare function | p99 | worst | CPU each | errors |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for rate in rates:
        cells = [
            rate["name"],
            f"{rate['per_second']:,.0f}",
            f"{rate['per_second'] / bare['per_second']:.2f}",
            f"{rate['p99']:.1f} ms",
            f"{rate['worst']:.1f} ms",
            f"{rate['cpu']:.2f} ms",
            str(rate["errors"]),
        ]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
