"""How the log is written: one event a line, with nothing in it that a terminal would obey."""

import logging
import re

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """The time in UTC, the level, the logger, the message; a traceback follows indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    converter = staticmethod(__import__("time").gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record).replace("\n", r"\n").replace("\t", r"\t")
        return CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", line)

    def formatException(self, ei) -> str:  # noqa: N802
        trace = CONTROLS.sub("?", super().formatException(ei))
        return "\n".join(f"    {line}" for line in trace.splitlines())
