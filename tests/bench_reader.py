"""How long the reader takes from a key to the picture that follows from it: python tests/bench_reader.py [REPORT]."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from conftest import browser_path
from playwright.sync_api import sync_playwright

import egdata as eg

KEYS = ("j", "k", "Enter", "1", "2", "3", "x", "u", "U", "+", "Escape")
N_ROUNDS = 12  # some 130 steps
LIMIT = 100  # milliseconds, beyond which a person waits
#: From the key to the end of the frame in which its effect is drawn.
PRESS = """async (key) => {
  const start = performance.now();
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, composed: true}));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""


def main() -> None:
    report = eg.read_report(*sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "reader.html"
        eg.write_reader(report, file)
        page = playwright.chromium.launch(executable_path=browser_path()).new_page()
        page.goto(file.as_uri())
        page.keyboard.press("j")
        times: dict[str, list[float]] = {key: [] for key in KEYS}
        for _ in range(N_ROUNDS):
            for key in KEYS:
                times[key].append(page.evaluate(PRESS, key))
        n_rows = page.locator("#queue li").count()
    print(f"{report.name}: {n_rows} rows; milliseconds from a key to the picture")
    print(f"{'key':>8} {'median':>8} {'longest':>8}")
    for key, taken in times.items():
        print(f"{key:>8} {statistics.median(taken):8.0f} {max(taken):8.0f}")
    steps = [taken for key in KEYS for taken in times[key]]
    print(f"{sum(taken > LIMIT for taken in steps)} of {len(steps)} steps took more than {LIMIT} ms")


if __name__ == "__main__":
    main()
