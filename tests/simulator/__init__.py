"""The simulator keeps what it promises: it behaves like WeCom, faults included."""
