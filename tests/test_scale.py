"""A busy publication: PostgreSQL, Redis, several web and worker processes, and what hits them."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.post_office import PostOffice
from tests.server import Server, free_port
from tests.services import Postgres, Redis
from tests.test_freshness import WAITING, Reader
from tests.test_notices import GUEST, HIRE, POST, until
from tests.test_races import MAKE, Moderator

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not Postgres.is_here(), reason="PostgreSQL’s server is not here"),
    pytest.mark.skipif(not Redis.is_here(), reason="redis-server is not here"),
]


@dataclass
class Publication:
    server: Server
    postgres: Postgres
    redis: Redis
    office: PostOffice


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> Iterator[Publication]:
    """The blog as `make run` starts it, with nothing but environment variables changed."""
    postgres, redis, office = Postgres().start(), Redis().start(), PostOffice(free_port())
    office.open()
    server = Server(
        tmp_path_factory.mktemp("publication"),
        DATABASE_URL=postgres.url,
        CACHE_URL=redis.url,
        EMAIL_URL=f"smtp://127.0.0.1:{office.port}",
        WORKERS="2",
        WEB_PROCESSES="2",
    )
    server.database = ""  # it has a whole cluster
    server.start()
    server.run(HIRE)
    yield Publication(server, postgres, redis, office)
    server.close()
    office.close()
    redis.kill()
    postgres.close()


def test_a_decision_in_one_process_is_seen_at_once_in_the_other(publication):
    server = publication.server
    moderators = [Moderator(server, key) for key in server.ask(MAKE)]
    waiting = [tuple(row) for row in server.ask(WAITING)]
    reader = Reader(server, waiting)
    random.Random(5).shuffle(waiting)
    with ThreadPoolExecutor(6) as pool:
        readings = [pool.submit(reader.read, seed) for seed in range(6)]
        for number, (key, path, words) in enumerate(waiting):
            assert moderators[number % 2].decide("publish", f"{key}.0") == 303
            reader.decided.append((path, words))
        reader.done.set()
        for reading in readings:
            reading.result()
    assert reader.stale == []
    assert publication.redis.client.dbsize() > 0
    assert reader.asked > len(waiting) / 2


def test_a_page_that_one_process_made_serves_the_other(publication):
    """Of ten requests on connections of their own both processes get some."""
    publication.redis.client.flushall()
    publication.server.run("from blog import editions; editions.renew()")
    tags = {publication.server.get(POST).headers["ETag"] for _ in range(10)}
    assert len(tags) == 1
    assert publication.redis.client.keys("colloquy:*:http:" + POST)


def test_nonsense_in_redis_is_a_page_that_is_not_there(publication):
    before = publication.server.get(POST).text
    for key in publication.redis.client.keys("*"):
        publication.redis.client.set(key, b"\x80\x04]q\x00.")
    publication.server.run("from blog import editions; editions.renew()")
    assert publication.server.get(POST).text == before


def test_without_redis_readers_wait_a_little_longer_and_get_their_pages(publication):
    publication.redis.kill()
    try:
        publication.server.run("from blog import editions; editions.renew()")
        for _ in range(10):
            assert publication.server.get(POST).status == 200
        assert publication.server.post(f"{POST}comments/", **guest(0)).status == 303
    finally:
        publication.redis.start()
    assert publication.server.get("/").status == 200


def guest(number: int) -> dict[str, str]:
    return GUEST | {"comment": f"By mail, number {number}.", "email": f"sam{number}@example.org"}


def test_each_notice_goes_out_once_and_a_worker_that_is_killed_loses_none(publication):
    office, server = publication.office, publication.server
    time.sleep(1)
    office.mails.clear()
    office.pause = 0.2
    killer = threading.Thread(target=kill_workers, args=(server, 3))
    killer.start()
    for number in range(1, 13):
        assert server.post(f"{POST}comments/", **guest(number)).status == 303
    killer.join()
    until(lambda: len(told(office)) >= 12, 60)
    time.sleep(2)
    assert set(told(office)) == {f"By mail, number {number}." for number in range(1, 13)}
    ids = {(mail["Message-ID"], mail["To"]) for mail in office.mails}
    assert len(office.mails) - len(ids) <= 3  # for each kill one, under the name it had before
    office.pause = 0


def told(office: PostOffice) -> Counter:
    """How often Ilse was told of each comment, a mail that came twice counted once."""
    mails = {mail["Message-ID"]: mail for mail in office.mails if "ilse" in mail["To"]}
    texts = [mail.get_body(["plain"]).get_content() for mail in mails.values()]
    numbers = range(13)
    found = (f"By mail, number {number}." for text in texts for number in numbers if
             f"By mail, number {number}." in text)  # fmt: skip
    return Counter(found)


def kill_workers(server: Server, times: int) -> None:
    for _ in range(times):
        time.sleep(0.7)
        listed = subprocess.run(
            ["ps", "-e", "-o", "pid=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 1) for line in listed.stdout.splitlines()]
        workers = [int(pid) for pid, words in rows if "manage.py worker" in words]
        ours = [pid for pid in workers if is_of(pid, server)]
        if ours:
            os.kill(random.Random(len(ours)).choice(ours), signal.SIGKILL)


def is_of(pid: int, server: Server) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"PORT={server.port}".encode() in file.read().split(b"\0")
    except OSError:
        return False


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_restarts_and_no_word_is_lost(publication, mode):
    server = publication.server
    number = {"fast": 100, "immediate": 200}[mode]
    publication.postgres.stop(mode)
    try:
        answer = server.post(f"{POST}comments/", **guest(number))
        assert answer.status == 503
        assert f"By mail, number {number}." in answer.text
        assert server.get("/nothing/").status == 503
    finally:
        publication.postgres.start()
    answers = [server.post(f"{POST}comments/", **guest(number + n)).status for n in range(10)]
    assert answers.count(303) >= 9, answers
    assert set(answers) <= {303, 503}
    assert server.get(POST).status == 200
    assert server.get("/healthz").status == 200


def test_what_was_accepted_is_answered_before_the_server_ends(publication):
    server = publication.server
    failed: list[str] = []
    asked = [0]
    stopping = threading.Event()

    def write(seed: int) -> None:
        number = 1000 * seed
        while True:
            number += 1
            try:
                answer = server.post(f"{POST}comments/", **guest(number))
            except ConnectionRefusedError:
                return
            except OSError as error:
                if not stopping.is_set():
                    failed.append(repr(error))
                return
            asked[0] += 1
            if answer.status not in (303, 429):
                failed.append(str(answer.status))

    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(write, seed) for seed in range(1, 7)]
        time.sleep(1.5)
        stopping.set()
        assert server.stop() == 0
        for writer in writers:
            writer.result()
    assert failed == []
    assert asked[0] > 20
    server.restart()
