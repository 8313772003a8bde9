"""What is looked for on a page, whatever it is about: in its form, and behind it."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")

SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations'], preload: false}))
  .violations.filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"""

WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map(e => e.tagName + '.' + e.className)"""

CUT = """() => {
  const whole = e => e.textContent.trim().replace(/\\s+/g, ' ');
  const shut = e => {
    const s = getComputedStyle(e);
    const cut = ['hidden', 'clip'].includes(s.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const short = ['hidden', 'clip'].includes(s.overflowY) && e.scrollHeight > e.clientHeight + 4;
    return (cut || short) && e.clientWidth > 1;
  };
  const worded = [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => e.getClientRects().length && !e.closest('[aria-hidden=true]'));
  const titled = e => (e.closest('[title]') ?? e.querySelector('[title]'))?.title ?? '';
  const told = e => matchMedia('(width >= 900px)').matches
    ? titled(e).replace(/\\s+/g, ' ').includes(whole(e))
    : worded.some(other => other !== e && !shut(other) && whole(other).includes(whole(e)));
  return worded.filter(e => shut(e) && !told(e))
    .slice(0, 3).map(e => e.tagName + '.' + e.className + ': ' + whole(e).slice(0, 30));
}"""

BLOCKED = """window.blocked = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.blocked.push(event.violatedDirective + " " + (event.blockedURI || ""));
});"""


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(SERIOUS)


def wide(page: Page) -> list[str]:
    """What sticks out of the window, if the page scrolls sideways at all."""
    return page.evaluate(WIDE)


def cut(page: Page) -> list[str]:
    """Words that are cut off where nothing tells the whole of them.

    With a mouse a title may tell it, if it holds all of the words. A thumb reads no titles: below
    900 px the words must stand whole somewhere else on the page, as the county's name in the bar
    at the top stands whole in the foot.
    """
    return page.evaluate(CUT)


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


class Tab:
    """A page of the browser that takes note of everything that goes wrong behind it."""

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(BLOCKED)
        self.page = context.new_page()
        self.said: list[str] = []
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"[:200]))
        self.page.on("console", self._hear)
        self.page.on("response", self._receive)

    def _hear(self, message) -> None:
        mine = "allow-scripts" in message.text  # a file's sandbox, which refuses ours as well
        bare = message.location.get("url", "").endswith("/favicon.ico")  # of what is no page
        if message.type == "error" and not (mine or bare):
            self.said.append(f"console: {message.text}"[:200])

    def _receive(self, response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.said.append(f"{response.status}: {response.url}"[:200])

    def open(self, address: str) -> tuple[int, bool]:
        """The status, and whether what came is a page of its own: no piece, picture or file."""
        self.said.clear()
        try:
            answer = self.page.goto(address, wait_until="load")
        except Exception as error:
            if "Download is starting" in str(error):
                return 200, False
            raise
        html = "text/html" in answer.headers.get("content-type", "")
        whole = html and self.page.evaluate("document.doctype !== null")
        if whole:
            self.settle()
        return answer.status, whole

    def settle(self) -> None:
        """Until the pieces that a page fetches at once have come."""
        for _ in range(40):
            if not self.page.evaluate("document.querySelectorAll('.htmx-request').length"):
                return
            self.page.wait_for_timeout(25)

    def faults(self) -> list[str]:
        """What went wrong since the page was opened."""
        kept = self.page.evaluate("sessionStorage.length")
        blocked = [f"blocked: {one}" for one in self.page.evaluate("window.blocked")]
        return [*self.said, *blocked, *(["something is kept in the session"] if kept else [])]
