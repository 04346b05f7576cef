"""Where guests come from, and where their links lead."""

import time
from ipaddress import IPv6Address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comments import domains, networks, sites


@pytest.mark.parametrize(
    ("address", "host", "network"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("::1", "::/64", "::/48"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.0/24"),
    ],
)
def test_one_customer_is_one_sender(address, host, network):
    assert networks.host(address) == host
    assert networks.network(address) == network


@pytest.mark.parametrize(
    ("rule", "address", "lies_within"),
    [
        ("203.0.113.0/24", "203.0.113.7", True),
        ("203.0.113.7/24", "203.0.113.9", True),
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.70", False),
        ("203.0.113.0/24", "::ffff:203.0.113.7", True),
        ("::ffff:203.0.113.0/120", "203.0.113.7", True),
        ("2001:db8::/32", "2001:db8:9::1", True),
        ("2001:db8::/32", "203.0.113.7", False),
        ("::/0", "203.0.113.7", False),
    ],
)
def test_a_moderator_blocks_an_address_or_a_range(rule, address, lies_within):
    assert networks.contains(rule, address) is lies_within


@pytest.mark.parametrize("typed", ["", "nonsense", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1/" * 9_000])
def test_a_moderator_is_told_what_is_no_address(typed):
    with pytest.raises(ValueError, match="is not an address or a range"):
        networks.parse(typed)


@given(st.ip_addresses(v=6))
@example(IPv6Address("::ffff:1.2.3.4"))
def test_every_guest_is_within_their_own_neighbourhood(address):
    assert networks.contains(networks.host(str(address)), str(address))
    assert networks.contains(networks.network(str(address)), networks.host(str(address)))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Bücher.example:80/x", "xn--bcher-kva.example"),
        ("http://xn--bcher-kva.example./", "xn--bcher-kva.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("http://faß.example", "xn--fa-hia.example"),
        ("a.example:80/path", "a.example"),
        ("http://user:word@a.example/", "a.example"),
        ("http://evil.example\\@good.example", "evil.example"),
        ("http://ex%61mple.com", "example.com"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
        ("http://a b/", ""),
        ("www.com", "www.com"),
        ("mailto:a@b.example", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_host_is_read_as_browsers_read_it(url, host):
    assert domains.of(url) == host


@pytest.mark.parametrize(
    ("domain", "rule", "is_meant"),
    [
        ("example.com", "example.com", True),
        ("shop.example.com", "example.com", True),
        ("attacker-example.com", "example.com", False),
        ("example.com.attacker.net", "example.com", False),
        ("example.com", "shop.example.com", False),
        ("shop.example.com", "*.Example.com", True),
        ("example.com", "https://www.example.com/x", True),
        ("11.2.3.4", "2.3.4", False),
        ("example.com", "", False),
    ],
)
def test_a_rule_means_whole_labels(domain, rule, is_meant):
    assert domains.matches(domain, rule) is is_meant


def test_a_host_is_looked_up_with_its_parents():
    assert domains.parents("a.b.example.com") == ["a.b.example.com", "b.example.com", "example.com"]
    assert domains.parents("192.0.2.1") == ["192.0.2.1"]
    assert domains.parents("localhost") == ["localhost"]


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("s99.pillshop.example", "pillshop.example"),
        ("pillshop.example", "pillshop.example"),
        ("a.b.shop.co.uk", "shop.co.uk"),
        ("co.uk", "co.uk"),
        ("ana.blogspot.com", "ana.blogspot.com"),
        ("ana.blogspot.co.uk", "ana.blogspot.co.uk"),
        ("en.ana.tumblr.com", "ana.tumblr.com"),
        ("tumblr.com", "tumblr.com"),
        ("ana.github.io", "ana.github.io"),
        ("a.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_a_host_is_its_owners_and_a_blog_on_a_host_of_blogs_is_its_writers(host, site):
    assert sites.of(host) == site


def test_the_links_of_a_comment_are_found_and_what_only_looks_like_one_is_not():
    html = (
        '<p><a href="https://www.a.example/?x=1&amp;y=2" rel="nofollow">www.text.example</a>'
        '<a class="at" href="#c3">@3</a> href="http://no.example" <a rel="x" href="http://b.example">'
    )
    assert domains.in_text(html) == {"a.example", "b.example"}


def test_a_flood_of_links_is_looked_at_in_part():
    html = "".join(f'<a href="http://a{n}.example">x</a>' for n in range(1_000))
    assert len(domains.in_text(html)) == 200


@pytest.mark.parametrize(
    ("typed", "hosts"),
    [
        ("[a](http://a.example/x) <a href='HTTPS://b.example'>", {"a.example", "b.example"}),
        ("http://good.example,$@evil.example/", {"evil.example"}),
        (
            "http://a.example;https://b.example|“https://c.example.”",
            {f"{n}.example" for n in "abc"},
        ),
        ("http:\\\\evil.example\\x (https://c.example:80)", {"evil.example", "c.example"}),
        ("http://bücher.example, no.example", {"xn--bcher-kva.example"}),
        ("mailto:a@b.example ftp://d.example //e.example", set()),
    ],
)
def test_web_addresses_are_found_in_what_was_typed(typed, hosts):
    assert domains.in_typed(typed) == hosts


@pytest.mark.parametrize(
    "typed",
    [
        "http://" * 9_300,
        "https://a.example " * 3_640,
        "http://" + "a" * 65_000,
        "http://(" * 8_000,
        "http://a:" * 7_200,
        " ".join(f"http://{number}_.=.a" for number in range(3_600)),
    ],
)
def test_no_flood_of_addresses_takes_long_to_look_through(typed):
    began = time.process_time()
    assert len(domains.in_typed(typed)) <= 200
    assert time.process_time() - began < 0.2


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
@example("http://" + "ü" * 60_000)
@example("http://\ud800.example")
def test_whatever_is_typed_for_an_address_its_host_is_short_and_ascii(url):
    for typed in (url, f"http://{url}/"):
        host = domains.of(typed)
        assert host.isascii()
        assert len(host) <= 253
        assert domains.of(host) == host
        assert domains.matches(host, host) is bool(host)
        assert sites.of(sites.of(host)) == sites.of(host)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<a href=\"http:/. '>", max_size=300))
@example('<a "' * 16_000)
@example("<a " * 21_000)
def test_whatever_html_there_is_no_more_than_links_come_out(html):
    assert len(domains.in_text(html)) <= html.count("<a")
