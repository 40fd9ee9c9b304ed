"""A report as a browser lays it out, at the width of a telephone and of a desk: skipped where there is no Chromium."""

import html as escaping
import re
import shutil
import subprocess

import pytest
from hil_results import RUNS, bad, good
from test_hil_report import html

from ec2x_tools.hil import compare, schema
from ec2x_tools.hil.report import page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
LOOK = """
const found = [];
const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1;
const meet = (a, b) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
for (const frame of document.querySelectorAll("iframe")) {
  const page = frame.contentDocument, edge = page.documentElement.getBoundingClientRect();
  const say = (what, element) => found.push(`${frame.title} ${frame.width}: ${what}: ${element.textContent.trim().slice(0, 60)}`);
  for (const element of page.querySelectorAll("body *"))
    if (element.getClientRects().length && !inside(element.getBoundingClientRect(), edge)) say("outside", element);
  for (const plot of page.querySelectorAll("figure > svg")) {
    const texts = [...plot.querySelectorAll("text")], boxes = texts.map((text) => text.getBoundingClientRect());
    const level = texts.map((text) => !/rotate\\(-?[1-9]/.test(text.getAttribute("transform")));
    texts.forEach((text, i) => {
      if (boxes[i].height < 11) say("too small", text);
      if (!inside(boxes[i], plot.getBoundingClientRect())) say("cut", text);
      for (let j = 0; j < i; j++) if (level[i] && level[j] && meet(boxes[i], boxes[j])) say("on another", text);
    });
  }
  found.push(`${frame.title} ${frame.width}: ${page.querySelectorAll("figure").length} plots`);
}
document.body.textContent = found.join("\\n");
"""


@pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine")
def test_nothing_is_cut_too_small_or_on_top_of_something_else(tmp_path):
    runs = [schema.check(result) for result in (good(), bad())]
    pages = {name: html(name) for name in RUNS}
    pages["compare"] = page("compare.html", found=compare.compare(*runs), worse=1, names=("a", "b"), runs=runs)
    frames = [
        f'<iframe title="{name}" width="{width}" height="900" srcdoc="{escaping.escape(text)}"></iframe>'
        for name, text in pages.items()
        for width in (400, 1200)
    ]
    (tmp_path / "all.html").write_text(f"<body>{''.join(frames)}<script>onload = () => {{{LOOK}}}</script>", encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    done = subprocess.run([*command, (tmp_path / "all.html").as_uri()], capture_output=True, text=True, timeout=120)
    lines = re.search("(?s)<body>(.*)</body>", done.stdout)[1].strip().splitlines()
    assert lines == [f"{name} {width}: {text.count('<figure>')} plots" for name, text in pages.items() for width in (400, 1200)]
