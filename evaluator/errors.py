"""The one error of this package."""


class EvaluationError(ValueError):
    """Input that cannot be honest data: a wrong shape, a negative count, an unknown code, nan.

    Parameters
    ----------
    argument : str
        Name of the offending argument.
    problem : str
        What is wrong with it and what is expected.
    index : tuple of int, optional
        First offending position in that argument, where there is one.

    Examples
    --------
    >>> raise EvaluationError("grades", "7 is no grade; use -2 to 4", (0, 3))
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: grades[0, 3]: 7 is no grade; use -2 to 4
    """

    def __init__(self, argument: str, problem: str, index: tuple[int, ...] | None = None) -> None:
        super().__init__(argument, problem, index)
        self.argument = argument
        self.problem = problem
        self.index = index

    def __str__(self) -> str:
        """Name argument and position, then the problem."""
        where = "" if self.index is None else f"[{', '.join(map(str, self.index))}]"
        return f"{self.argument}{where}: {self.problem}"
