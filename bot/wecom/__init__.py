"""The WeCom protocol: crypto, messages, replies, cards, client, tokens, errcodes as data."""
