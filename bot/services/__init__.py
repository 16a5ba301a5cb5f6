"""Use cases: the only thing that handlers, jobs, web and the command line call.

`Services` lives for one transaction; `Shared` lives as long as the process.
"""

from bot.services.all import Services
from bot.services.shared import Shared

__all__ = ["Services", "Shared"]
