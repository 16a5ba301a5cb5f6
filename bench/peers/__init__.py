"""Peers to be measured beside the bot, each in a process of its own.

`python -m bench.peers.NAME CORP PORT`, run by the Python of `.venv-bench/callbacks`, serves on
that port until its standard input is closed. CORP is a `simulator.corp.Corp` as JSON. These
modules import nothing of the bot and of the simulator, which are not installed there.
"""
