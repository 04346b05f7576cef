"""A real server under test: `manage.py serve` in processes of its own, on a database of its own."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


class Server:
    """Colloquy as its owner starts it; `url` is where, `log` what it said."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"colloquy_test_{self.port}" if on_postgresql() else ""
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA": str(data),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self._database_url(),
            **environment,
        }
        self.process: subprocess.Popen | None = None

    def create(self, like: "Server | None" = None) -> None:
        """Makes its database and folder, empty or as those of another."""
        if like:
            shutil.copytree(like.data, self.data, dirs_exist_ok=True)
        if self.database:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            template = like.database if like else "template1"
            execute(create.format(sql.Identifier(self.database), sql.Identifier(template)))

    def start(self, like: "Server | None" = None) -> "Server":
        self.create(like)
        return self.restart()

    def restart(self) -> "Server":
        with (self.data / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        return self

    def stop(self) -> int:
        """Ends it as `kill` does and says how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        if self.database:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.database))
            execute(drop)

    @property
    def log(self) -> str:
        return (self.data / "log").read_text()

    @property
    def welcome(self) -> str:
        return re.search(r"http\S+/welcome/\S+", self.log)[0]

    def processes(self) -> list[int]:
        """Every process of this server that is alive."""
        found = subprocess.run(
            ["ps", "-o", "pid=,stat=", "-g", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = (line.split() for line in found.stdout.splitlines())
        return [int(pid) for pid, state in rows if not state.startswith("Z")]

    def run(self, code: str) -> str:
        """What Python code prints that is run with the server's own settings."""
        return self.manage("shell", "--no-imports", "-c", code)

    def manage(self, *words: str) -> str:
        """What a command of manage.py prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, code: str):
        """The value of the JSON that Python code prints last."""
        return json.loads(self.run(code).strip().splitlines()[-1])

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Sends a form as a browser without script does."""
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        """One request on a connection of its own; raises OSError when that breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, form)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        except http.client.HTTPException as error:
            raise OSError from error
        finally:
            connection.close()

    def _wait(self) -> None:
        for _ in range(300):
            assert self.process.poll() is None, self.log
            try:
                if self.get("/healthz").status == HTTPStatus.OK:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"The server did not start:\n{self.log}")

    def _database_url(self) -> dict[str, str]:
        if not self.database:
            return {}
        base = os.environ["DATABASE_URL"].rpartition("/")[0]
        return {"DATABASE_URL": f"{base}/{self.database}"}


def on_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


def execute(statement: sql.Composable) -> None:
    """Runs one statement on the PostgreSQL server that DATABASE_URL names."""
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(statement)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
