"""The widget as people see it: in a browser, in both themes, on any screen."""

import os
from pathlib import Path

import pytest
from situations import NOW
from standings import ENDPOINT, hostile, in_every_trouble, many, shown_in_the_docs, standing

from handler.widget.page import framed, page
from handler.widget.rehearsal import rehearsed

FLEETS = {
    "one": lambda: [standing()],
    "every trouble": in_every_trouble,
    "thirty": lambda: many(30),
    "three hundred": lambda: many(300),
    "hostile": hostile,
}
WIDTHS = (400, 560, 800, 1400)
READABLE = 4.5  # WCAG 2.2, 1.4.3: text of this size
# Of every text that is seen: its colour, and the nearest opaque one behind it.
COLOURS = """() => {
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 0, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !one.checkVisibility()) continue;
    found.push([getComputedStyle(one).color, behind(one), walker.currentNode.data.slice(0, 40)]);
  }
  return found;
}"""
OVERFLOWING = """() => [...document.querySelectorAll('.dwsf *')]
  .filter((one) => one.checkVisibility() && !one.closest('svg'))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
  .map((one) => one.className + ': ' + one.textContent.slice(0, 60))"""


@pytest.fixture
def shown(chromium):
    """A page of the console with the widget in it, and what it has tried to load or say."""
    opened = []

    def show(html, width=800):
        tab = chromium.new_page(viewport={"width": width, "height": 600})
        tab.tried = []
        tab.on("request", lambda request: tab.tried.append(request.url))
        tab.on("dialog", lambda dialog: (tab.tried.append("dialog"), dialog.dismiss()))
        tab.set_content(f'<!doctype html><title>console</title><body style="margin:0">{html}')
        opened.append(tab)
        return tab

    yield show
    for tab in opened:
        tab.close()


def drawn(fleet, *, is_dark=False):
    return page(FLEETS[fleet](), NOW, ENDPOINT, is_dark=is_dark)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("fleet", FLEETS)
def test_nothing_is_wider_than_the_widget(shown, fleet, width):
    tab = shown(drawn(fleet), width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("fleet", ["every trouble", "thirty"])
def test_every_text_can_be_read(shown, fleet, is_dark):
    texts = shown(drawn(fleet, is_dark=is_dark)).evaluate(COLOURS)
    assert len(texts) > 100
    assert [one for one in texts if contrast(*map(rgb, one[:2])) < READABLE] == []


def rgb(colour):
    return [int(float(one)) for one in colour[colour.index("(") + 1 : -1].split(",")[:3]]


def contrast(one, other):
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [one / 255 for one in colour]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_hostile_texts_neither_run_nor_break_out_nor_load_anything(shown, is_dark):
    tab = shown(drawn("hostile", is_dark=is_dark))
    tab.wait_for_timeout(200)  # what would load or run has had its time
    assert (tab.title(), tab.tried) == ("console", [])
    outside = "[...document.body.children].filter((one) => !one.matches('style, .dwsf')).length"
    assert tab.evaluate(outside) == 0
    assert tab.locator("section.dwsf-pair").count() == len(hostile())
    assert tab.locator("script, img, h1").count() == 0


def test_a_hostile_answer_of_a_rehearsal_is_text(shown):
    evil = "<script>document.title='owned'</script>"
    gate = {"gate": evil, "verdict": evil, "reason": evil}
    answer = {"decision": "rehearsed", "pair": evil, "reason": evil, "gates": [gate]}
    tab = shown(framed(rehearsed(answer), is_dark=False), 400)
    assert tab.title() == "console"
    assert evil in tab.locator("td").last.inner_text()


def test_the_button_stands_right_before_what_it_does(shown):
    """The console gives an action to the element before it."""
    tab = shown(drawn("every trouble"))
    actions = tab.locator("cwdb-action")
    assert actions.count() > 10
    before = actions.evaluate_all("all => all.map((one) => one.previousElementSibling.tagName)")
    assert set(before) == {"BUTTON"}
    assert not any(actions.evaluate_all("all => all.map((one) => one.checkVisibility())"))


def test_the_buttons_can_be_reached_by_keys(shown):
    tab = shown(drawn("one"))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Rehearse"


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_picture_in_the_docs_can_be_made(shown, is_dark, tmp_path):
    """`make dashboard-pictures` keeps it."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    tab = shown(page(shown_in_the_docs(), NOW, ENDPOINT, is_dark=is_dark), 1040)
    file = folder / ("dashboard-dark.png" if is_dark else "dashboard.png")
    tab.locator(".dwsf").screenshot(path=file)
    assert file.stat().st_size > 10_000
