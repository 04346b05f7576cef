"""How the log is written: one event a line, with nothing in it that a terminal would obey."""

import logging
import re
import time

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """The time in UTC, the level, the logger, the message; under an error its traceback."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """What was refused (403, 400) needs no traceback; what broke does."""
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return escaped(super().formatMessage(record))

    def formatException(self, ei) -> str:  # noqa: N802
        lines = super().formatException(ei).splitlines()
        return "\n".join(f"    {escaped(line)}" for line in lines)


def escaped(text: str) -> str:
    """`text` with its control characters written out."""
    return CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
