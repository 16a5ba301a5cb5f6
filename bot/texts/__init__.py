"""Every sentence that the bot says, one noun a file."""
