#!/bin/sh
# Finds a Chromium for the browser tests, or installs one with a Chinese font.
set -u

python=${PYTHON:-.venv/bin/python}

found() {
    [ -n "${BOT_TEST_CHROMIUM:-}" ] && [ -x "$BOT_TEST_CHROMIUM" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    path=$("$python" - 2>/dev/null <<'PYTHON'
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
PYTHON
    )
    [ -n "$path" ] && [ -x "$path" ]
}

# Prints the prefix that makes a command run as root; fails when there is none.
as_root() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null && printf 'sudo -n'
}

with_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    prefix=$(as_root) || return 1
    $prefix apt-get update -qq &&
        $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
            --no-install-recommends chromium fonts-wqy-microhei
}

found && exit 0
echo "正在安装浏览器测试所需的 Chromium 和中文字体……"
with_apt >/dev/null && found && exit 0
"$python" -m playwright install chromium >/dev/null 2>&1 && found && exit 0
echo "装不上 Chromium：请用管理员身份运行 apt-get install chromium fonts-wqy-microhei，" \
    "或把 BOT_TEST_CHROMIUM 设为已有浏览器的路径。" >&2
exit 1
