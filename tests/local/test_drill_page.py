"""The drill's report in a browser: light, dark, narrow, printed, and with names that mean harm."""

import pytest
from drills import ABOUT, LIMITS, played

from local.drill.facts import Moment, Span
from local.drill.page import page
from local.drill.timeline import timeline

HOSTILE = '"><script>document.title="x"</script><img src=x onerror=document.title="x">'


@pytest.fixture
def shown(chromium):
    """A page of the report, shown in a window of some size and colours."""
    contexts = []

    def show(html, width=1100, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        made = context.new_page()
        made.set_content(html)
        return made

    yield show
    for context in contexts:
        context.close()


def report(*more):
    return page([played(), *more], ABOUT, LIMITS)


@pytest.mark.parametrize("width", [360, 390, 768, 1100, 1600])
def test_nothing_is_wider_than_the_window(shown, width):
    found = shown(report(played(came_to="x" * 400, says="y" * 300)), width)
    assert found.evaluate("document.documentElement.scrollWidth") <= width


CONTRAST = """() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.match(/[\\d.]+/g).slice(0, 3).map((one) => {
      const part = one / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!colour.startsWith("rgba(0, 0, 0, 0")) return colour;
    }
  };
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = [...document.querySelectorAll("h1, h2, h3, p, th, td, dt, dd, li, .badge, time, a")]
    .map((one) => [one.textContent, ratio(getComputedStyle(one).color, behind(one))]);
  const bars = [...document.querySelectorAll(".bar text")]
    .map((one) => [one.textContent, ratio(
      getComputedStyle(one).fill, getComputedStyle(one.parentElement.querySelector("rect")).fill)]);
  const marks = [...document.querySelectorAll(".mark text")]
    .map((one) => [one.textContent, ratio(
      getComputedStyle(one).fill, getComputedStyle(one.parentElement.querySelector("path")).fill)]);
  return [...texts, ...bars, ...marks].filter(([_, found]) => found < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_what_is_behind_it(shown, scheme):
    refused = ({"gate": "rpo", "verdict": "refuse", "reason": "too old"},)
    bad = played(is_met=False, gates=refused, loss_s=9000.0, shown=(Span(0, 1000, "running"),))
    assert shown(report(bad), color_scheme=scheme).evaluate(CONTRAST) == []


def test_what_others_have_written_is_text(shown):
    moments = (Moment(1.0, "notice", HOSTILE, "critical"),)
    gates = ({"gate": HOSTILE, "verdict": "refuse", "reason": HOSTILE},)
    states = (Span(0.0, 900.0, HOSTILE),)
    bad = played(came_to=HOSTILE, moments=moments, gates=gates, shown=states, title=HOSTILE)
    found = shown(report(bad))
    assert found.title() == "Failover drill"
    assert found.evaluate("document.querySelectorAll('script, img').length") == 0
    assert HOSTILE in found.inner_text("body")


def test_nothing_is_loaded_from_elsewhere(chromium):
    context, asked = chromium.new_context(), []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.set_content(report())
    opened.wait_for_load_state("networkidle")
    assert asked == []
    context.close()


def test_it_prints_on_light_paper_also_where_the_screen_is_dark(shown):
    found = shown(report(), color_scheme="dark")
    found.emulate_media(media="print", color_scheme="dark")
    assert found.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert found.pdf(format="A4", print_background=True).startswith(b"%PDF")


def test_a_scenario_that_went_wrong_is_said_in_words(shown):
    text = shown(report(played(is_met=False, scenario="other"))).inner_text("body")
    assert "not as it must" in text
    assert "1 of 2" in text


def test_what_takes_too_long_is_said_in_words(shown):
    text = shown(report(played(recovery_s=4000.0, scenario="other"))).inner_text("body")
    assert "too much" in text


def test_the_list_has_each_numbered_mark_of_the_drawing(shown):
    found = shown(report())
    marks = found.locator(".mark text").all_text_contents()
    listed = [one for one in found.locator("ol.moments b").all_inner_texts() if one]
    assert marks == listed == ["1", "2", "3"]


def test_a_drawing_of_nothing_is_one_all_the_same():
    empty = played(moments=(), shown=(), clusters={"A": (), "B": ()})
    assert timeline(empty).endswith("</svg>")
