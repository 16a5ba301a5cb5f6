"""What the bot says about who may do what."""


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
