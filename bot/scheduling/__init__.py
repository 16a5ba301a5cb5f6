"""What happens by the clock: declared in `registry`, decided in `runner`, rung by `scheduler`."""
