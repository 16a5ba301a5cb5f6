"""What the bot says about who may do what."""

from bot.domain.people import Person


def stranger(office: str, telephone: str) -> str:
    """Somebody whom the roster does not name asks for more than the documents."""
    where = f"（电话 {telephone}）" if telephone else ""
    return (
        f"您还没有登记为联络员，我可以回答关于工作要点和政策的问题。\n"
        f"如需填报或查看进度，请联系{office}{where}登记。"
    )


def not_your_role(role: str, office: str) -> str:
    """A known person asks for something that their role does not do."""
    return f"这项操作不在您（{role}）的权限内。如有需要，请联系{office}。"


def left(person: Person) -> str:
    """Tell the office that somebody can no longer be reached."""
    unit = person.unit.name if person.unit else "未登记单位"
    return (
        f"【联络提醒】{unit}{person.role}{person.name}已不在“双拥通”的可见范围，消息发不到了。\n"
        "如已换人，请更新名单；如是误操作，请在企业微信后台恢复可见范围。"
    )
