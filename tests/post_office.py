"""A real SMTP server on loopback, which can be told to fail in the ways that mail servers do."""

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage

from aiosmtpd.controller import Controller

LINK = re.compile(r"https?://[^\s\"<>]+")


class PostOffice:
    """`mails` it has taken; `says`: what it answers at a stage instead, None for silence."""

    def __init__(self, port: int) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.says: dict[str, str | None] = {}
        self.pause = 0.0
        self.port = port
        self.controller: Controller | None = None

    def open(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        if self.controller:
            self.controller.stop(no_assert=True)
            self.controller = None

    async def _stage(self, name: str) -> str | None:
        if name not in self.says:
            return None
        if self.says[name] is None:
            await asyncio.sleep(3600)
        return self.says[name]

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if refusal := await self._stage("RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if refusal := await self._stage("DATA"):
            return refusal
        await asyncio.sleep(self.pause)
        self.raw.append(envelope.content)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(mail)
        if refusal := await self._stage("after DATA"):
            return refusal
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:  # noqa: N802
        return await self._stage("QUIT") or "221 Bye"


def words(mail: EmailMessage) -> str:
    return mail.get_body(["plain"]).get_content().replace("\r\n", "\n")


def page(mail: EmailMessage) -> str:
    return mail.get_body(["html"]).get_content()


def links(mail: EmailMessage) -> list[str]:
    """Every address in a mail, as a scanner finds them."""
    return LINK.findall(words(mail)) + re.findall(r'href="([^"]+)"', page(mail))


def decision_link(mail: EmailMessage) -> str:
    """The address of the page on which the (first) comment of a mail is decided."""
    return next(link for link in links(mail) if "/comments/decide/" in link)
