"""Which part of a host belongs to one owner: the registrable domain, by the Public Suffix List.

"a.shop.example" and "b.shop.example" are one spammer's, at no cost each; "ana.blogspot.com" and
"eve.blogspot.com" are two people's. The list knows most hosts of other people's pages, and comes
with its library, so that nothing is asked of the network.
"""

from functools import cache
from itertools import chain
from pathlib import Path

import publicsuffixlist

from comments import domains

# Hosts of other people's blogs and pages that did not ask to be on the list.
BLOGSPOT = (
    "ae al am at ba be bg ca ch cl co.at co.id co.il co.ke co.nz co.uk co.za com.ar com.au com.br "
    "com.co com.cy com.ee com.eg com.es com.mt com.ng com.tr com.uy cz de dk fi fr gr hk hr hu ie "
    "in is it jp kr li lt lu md mk mx my nl no pe pt qa ro rs ru se sg si sk sn td tw ug vn"
)
BLOGS = """
    bandcamp.com blog.fc2.com blog.jp bravesites.com canalblog.com dreamwidth.org exblog.jp
    fandom.com home.blog hubpages.com jimdo.com jimdofree.com livejournal.com medium.com micro.blog
    neocities.org over-blog.com posthaven.com seesaa.net skyrock.com strikingly.com substack.com
    tistory.com tripod.com tumblr.com typepad.com ucoz.ru webnode.com weebly.com wikidot.com
    wordpress.com write.as narod.ru
"""


def of(host: str) -> str:
    """The registrable domain of a host (as `domains.of` gives it); itself where it has none."""
    if domains.NUMERIC.fullmatch(host):
        return host
    return _list().privatesuffix(host) or host


def within(hosts: set[str]) -> set[str]:
    """Hosts, and the registrable domain of each."""
    return hosts | {of(host) for host in hosts}


@cache
def _list() -> publicsuffixlist.PublicSuffixList:
    lines = Path(publicsuffixlist.PSLFILE).read_text("utf-8").splitlines()
    ours = chain(BLOGS.split(), (f"blogspot.{ending}" for ending in BLOGSPOT.split()))
    return publicsuffixlist.PublicSuffixList(chain(lines, ours))
