#!/bin/sh
# Installs iproute2, which the tests of several hosts need; without it and without root they skip.
set -u

command -v ip >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] || exit 0
command -v apt-get >/dev/null 2>&1 || exit 0
echo "正在安装多台机器的测试所需的 iproute2……"
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    iproute2; } >/dev/null 2>&1 || echo "装不上 iproute2，多台机器的测试将跳过。" >&2
exit 0
