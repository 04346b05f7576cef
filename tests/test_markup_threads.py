"""Many write at once, and each gets back what they wrote."""

from concurrent.futures import ThreadPoolExecutor

from comments import markup


def test_what_two_people_write_at_once_is_never_mixed():
    texts = [
        f"*{n}* <b>{n}</b> https://site-{n}.example/{'x' * (n % 90)} [{n}](https://b.example/{n}) "
        for n in range(400)
    ]
    expected = [markup.render(text) for text in texts]
    with ThreadPoolExecutor(8) as writers:
        assert list(writers.map(markup.render, texts)) == expected
