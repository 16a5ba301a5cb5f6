"""The one company and the one self-built app (自建应用) of this WeCom."""

import dataclasses
import secrets
import string
from dataclasses import dataclass

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Corp:
    """What the administration console would show of the app."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str

    def settings(self, api_base_url: str) -> dict[str, str | int]:
        """Return the keys of the bot's `[wecom]` section (contract.md section 4)."""
        return {**dataclasses.asdict(self), "api_base_url": api_base_url}


def random_corp() -> Corp:
    """Return a company with fresh secrets of WeCom's shapes."""
    return Corp(
        corp_id="ww" + secrets.token_hex(8),
        agent_id=1000002,
        secret=_letters(43),
        token=_letters(24),
        encoding_aes_key=_letters(43),
    )


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
