"""Where things stand: by point, and for one point by unit."""

from bot.domain.progress import Light
from bot.services.assignments import Task
from bot.services.base import Service
from bot.texts import summary as texts


class Summary(Service):
    """Figures computed from the booked reports each time they are asked for."""

    def overall(self) -> str:
        """Return the progress of all points, a line each, fit for a phone."""
        plan = self.all.work_points.required()
        tasks = self.all.assignments.of_plan()
        by_point: dict[int, list[Task]] = {point.number: [] for point in plan.points}
        for task in tasks:
            by_point[task.assignment.point].append(task)
        rows = [
            texts.PointLine(
                number=point.number,
                title=_title(by_point[point.number], point.text),
                tally=tally(by_point[point.number]),
            )
            for point in plan.points
        ]
        return texts.overall(plan.title, tally(tasks), rows, self.now)

    def of_point(self, number: int) -> str:
        """Return the progress of one point, by unit."""
        point = self.all.work_points.point(number)
        tasks = self.all.assignments.of_point(number)
        if not tasks:
            return texts.unassigned(number, self.all.people.office())
        lines = [
            texts.UnitLine(
                unit=task.assignment.unit,
                task=task.assignment.task,
                light=task.light,
                reason=task.reason,
                report=task.report,
            )
            for task in sorted(tasks, key=lambda task: _ORDER.index(task.light))
        ]
        return texts.of_point(number, _title(tasks, point.text), tally(tasks), lines, self.today)


_ORDER = [Light.RED, Light.RETURNED, Light.YELLOW, Light.GREEN, Light.DONE, Light.CLOSED]


def tally(tasks: list[Task]) -> texts.Tally:
    """Count tasks by what has come of them."""
    return texts.Tally(
        all=len(tasks),
        reported=sum(task.report is not None for task in tasks),
        done=sum(task.light in {Light.DONE, Light.CLOSED} for task in tasks),
        closed=sum(task.light is Light.CLOSED for task in tasks),
        overdue=sum(task.light is Light.RED for task in tasks),
        returned=sum(task.light is Light.RETURNED for task in tasks),
    )


def _title(tasks: list[Task], text: str) -> str:
    names = list(dict.fromkeys(task.assignment.task for task in tasks))
    return texts.title(names, text)
