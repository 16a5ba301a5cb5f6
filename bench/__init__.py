"""Benchmarks: the bot beside a bare echo under the same server, in one interleaved run."""
