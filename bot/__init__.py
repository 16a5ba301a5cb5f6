"""What the system can do: 双拥通, a WeCom bot for the offices of mutual support."""
