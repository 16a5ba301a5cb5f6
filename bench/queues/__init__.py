"""Task queues beside the outbox, each in a process of its own environment (.venv-bench/queues).

`python -m bench.queues.on_NAME put|work PLACE COUNT FILE`: `put` queues so many tasks at PLACE (a
file, or the address of a server), `work` does them until it is stopped. A task appends its number
to FILE, nine bytes a time, which is what "sending" costs here.
"""
