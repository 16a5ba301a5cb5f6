"""Documents → passages → index → an answer with its sources, or a refusal."""
