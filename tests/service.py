"""Akismet under test: a server of this machine that speaks the protocol of akismet.com/developers,
and fails as it is told to.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

KEY = "a1b2c3d4e5f6"
REQUIRED = ("api_key", "blog", "user_ip")
THANKS = "Thanks for making the web a better place."


@dataclass(frozen=True)
class Question:
    """What was asked: the name of the call, and its fields, each with all its values."""

    call: str
    fields: dict[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.fields[name][0]


class Akismet:
    """The service. `verdict` (ham, spam, discard) is what it thinks of every comment, `fault` (one
    of FAULTS) how it fails, if it does.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.verdict = "ham"
        self.fault = ""
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Handler", (Handler,), {"akismet": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def stop(self) -> None:
        """Closes the port; `start` opens the same one again."""
        self.server.shutdown()
        self.server.server_close()

    def calls(self, call: str) -> list[Question]:
        return [question for question in self.asked if question.call == call]


class Handler(BaseHTTPRequestHandler):
    akismet: Akismet

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = parse_qs(body, keep_blank_values=True, strict_parsing=True)
        question = Question(self.path.removeprefix("/1.1/"), fields)
        self.akismet.asked.append(question)
        with suppress(OSError):  # who asked has gone
            if self.akismet.fault:
                FAULTS[self.akismet.fault](self)
            else:
                text = CALLS[question.call](self.akismet, fields)
                self.say(text, **TIPS.get(self.akismet.verdict, {}) if text == "true" else {})

    def do_GET(self) -> None:
        """Where the redirect leads: nobody is to come here."""
        self.akismet.asked.append(Question("GET", {}))
        self.say("true")

    def say(self, text: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args) -> None:
        pass


def verify_key(akismet: Akismet, fields: dict) -> str:
    return "valid" if fields["key"] == [KEY] and fields["blog"] else "invalid"


def check(akismet: Akismet, fields: dict) -> str:
    if fields.get("user_role") == ["administrator"]:
        return refused(fields) or "false"
    return refused(fields) or ("false" if akismet.verdict == "ham" else "true")


def submit(akismet: Akismet, fields: dict) -> str:
    return refused(fields) or THANKS


def refused(fields: dict) -> str:
    for name in REQUIRED:
        if not fields.get(name, [""])[0]:
            return f"Missing required field: {name}."
    return "" if fields["api_key"] == [KEY] else "invalid"


def silence(handler: Handler) -> None:
    time.sleep(30)


def trickle(handler: Handler) -> None:
    """One byte after the other, never late and never done."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b"t")
        time.sleep(0.05)


def huge(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b"true" * 25_000)


def cut(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "40")
    handler.end_headers()
    handler.wfile.write(b"true")


TIPS = {"discard": {"X_akismet_pro_tip": "discard"}}
CALLS: dict[str, Callable[[Akismet, dict], str]] = {
    "verify-key": verify_key,
    "comment-check": check,
    "submit-spam": submit,
    "submit-ham": submit,
}
FAULTS: dict[str, Callable[[Handler], None]] = {
    "silence": silence,
    "trickle": trickle,
    "huge": huge,
    "cut": cut,
    "500": lambda handler: handler.say("true", 500),
    "redirect": lambda handler: handler.say("true", 302, Location="/1.1/elsewhere"),
    "lasting redirect": lambda handler: handler.say("true", 308, Location="/1.1/elsewhere"),
    "garbage": lambda handler: handler.say("\0\x1b[31m\ufeff false"),
    "html": lambda handler: handler.say("<!doctype html><title>Down</title><p>true"),
    "line end": lambda handler: handler.say("true\n"),
    "false with a blank": lambda handler: handler.say(" false"),
    "capitals": lambda handler: handler.say("False"),
    "nothing": lambda handler: handler.say(""),
    "invalid": lambda handler: handler.say("invalid", X_akismet_debug_help="Your key is gone."),
}
