#!/bin/sh
# Makes the virtual environment: make-venv.sh PYTHON DIRECTORY
# Debian ships Python without ensurepip; then python3-venv is installed where that is allowed.
set -eu
python=$1
directory=$2

say() { printf '%s\n' "$1" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
    say "找不到 $python。请先安装 Python 3.11 或更高版本，或用 make PYTHON=路径 指定。"
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "$python 的版本太旧，需要 Python 3.11 或更高版本；可用 make PYTHON=路径 指定。"
    exit 1
fi
[ -x "$directory/bin/python" ] && "$directory/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
if "$python" -m venv "$directory" >/dev/null 2>&1; then
    exit 0
fi
rm -rf "$directory"
as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    say "正在安装 python3-venv……"
    $as_root apt-get update -qq >/dev/null 2>&1 || true
    $as_root apt-get install -y -qq python3-venv >/dev/null 2>&1 || true
fi
if ! "$python" -m venv "$directory" >/dev/null 2>&1; then
    say "建不了虚拟环境。请先运行 sudo apt-get install python3-venv，再重试。"
    exit 1
fi
