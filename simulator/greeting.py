"""What the terminal shows when the demo runs."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

_TRY = """\
可以这样试：
  1. 选一位联络员（例如临县的临小县），问“第11条”，再发“第11条 已完成，走访部队5个，慰问金24万元”。
  2. 点右上角的时间，跳到“八一前三个工作日”，看还没有填报的县收到提醒。
  3. 换成双拥办的办小文，发“汇总”“催办 第11条”“销号 第11条 临县”。

按 Ctrl-C 停止；下次启动接着这里继续。
"""


def greeting(now: datetime, addresses: Mapping[str, str], connection: str) -> str:
    """Return the text; `addresses` are the pages by name.

    `connection` is $SSH_CONNECTION: on a remote machine the pages need a tunnel.
    """
    pages = "\n".join(f"  {name}：{url}" for name, url in addresses.items())
    head = f"双拥通演示已启动，现在是 {now:%Y年%m月%d日 %H:%M}（模拟时间）。"
    return "\n".join(["", head, "", pages, "", *_tunnel(addresses, connection), _TRY])


def _tunnel(addresses: Mapping[str, str], connection: str) -> list[str]:
    here = connection.split()[2:3]
    if not here:
        return []
    hosts = [urlsplit(url).netloc for url in addresses.values()]
    forwards = " ".join(f"-L {host.rpartition(':')[2]}:{host}" for host in hosts)
    return [
        "您是远程登录的，请在自己的电脑上另开终端运行下面这行，再打开上面的网址：",
        f"  ssh -N {forwards} {here[0]}",
        "",
    ]
