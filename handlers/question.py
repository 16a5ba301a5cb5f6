"""Questions about the points and about policy."""

from bot.conversation import Context, Help, Reply, Router, intent

router = Router("question")


@router.on(
    intent("question", "unclear", "command"),
    help_=Help("第11条 / 直接提问", "要点原文 / 关于要点和政策的问题，答案注明出处"),
)
def answer(ctx: Context) -> Reply:
    """Answer with the source, or say that the documents do not cover it."""
    return Reply(ctx.services.question.answer(ctx.text))
