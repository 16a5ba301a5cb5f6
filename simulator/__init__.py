"""A WeCom that runs on this machine: the API, the callback, a chat page and a time machine.

One fake for the demo, the tests and the benchmarks. It knows nothing of the bot: it signs,
encrypts and answers as the protocol says, so the bot cannot tell.
"""
