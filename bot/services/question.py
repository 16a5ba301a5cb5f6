"""Answers with their sources, or the admission that the documents do not cover it."""

from bot.knowledge.answer import Answer
from bot.services.base import Service


class Questions(Service):
    """Asking the documents, and the office's own entries."""

    def answer(self, text: str) -> str:
        """Return what to say to a question."""
        return self.ask(text).answer

    def ask(self, text: str, top: int = 5) -> Answer:
        """Return the answer with its citations and up to `top` hits (contract.md, `ask`)."""
        answerer = self.all.shared.answerer(self.session, self.all.versions)
        answer = answerer.ask(text, top)
        asked = answer.responsibility
        if asked is None or not asked.points:
            return answer
        # Who and until when comes from what the office entered; else it stays unknown.
        if not self._any_official(asked.points):
            return answer
        sentence = self.all.assignments.responsibility(list(asked.points))
        return answerer.assigned(answer, sentence)

    def _any_official(self, points: tuple[int, ...]) -> bool:
        plan = self.all.work_points.current()
        return any(
            task.assignment.official
            for number in points
            if plan is not None and plan.point(number) is not None
            for task in self.all.assignments.of_point(number)
        )
