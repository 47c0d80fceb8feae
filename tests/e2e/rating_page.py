"""The relevance screen as a test sees it."""

from playwright.sync_api import Locator, Page, expect


class RatingPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.queue = page.locator("task-queue")
        self.candidates = page.locator("[data-candidate]")
        self.state = page.locator("save-state")
        self.messages = page.locator("#messages")

    def open(self) -> None:
        self.page.goto(self.url)
        self.wait_for_next()

    def wait_for_next(self) -> None:
        expect(self.queue).to_have_attribute("data-next-ready", "")

    def press(self, *keys: str) -> None:
        """Press keys one right after the other, as fast as the browser takes them."""
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def slot(self) -> str:
        return self.page.locator("article[data-slot]").get_attribute("data-slot") or ""

    def candidate_ids(self) -> list[str]:
        """Public ids in the order of the page."""
        names = self.candidates.evaluate_all("all => all.map(one => one.dataset.name)")
        return [name.removeprefix("grade-") for name in names]

    def grades(self) -> list[str | None]:
        """Chosen grades in the order of the page."""
        script = "all => all.map(one => one.querySelector('input:checked')?.value ?? null)"
        grades: list[str | None] = self.candidates.evaluate_all(script)
        return grades

    def expect_current(self, number: int) -> None:
        """The frame is around the candidate of this number, counted from 1."""
        expect(self.candidates.nth(number - 1)).to_have_attribute("data-current", "")

    def expect_saved(self) -> None:
        expect(self.state).to_have_text("Saved")

    def expect_today(self, answers: int) -> None:
        expect(self.page.locator("[data-done-today]")).to_have_text(str(answers), timeout=30_000)

    def grade_key(self, candidate: int, label: str) -> Locator:
        return self.candidates.nth(candidate - 1).locator("label").get_by_text(label, exact=True)
