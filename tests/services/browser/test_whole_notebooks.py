"""A student does a notebook in JupyterLab from top to bottom, with all experiments; each exercise is wrong at first."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.services.browser.notebook_page import NotebookPage, words
from tests.services.browser.student import answers, handed_out, mistake, student_lab

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

WRONG = {
    "average_consensus": {
        "exchange": ("exchange_does_not_wait", "Does it wait until that is there?"),
        "metropolis": ("metropolis_own_degree", "disagree on their edge"),
        "survive": ("survive_weight_is_gone", "is missing from the sum. Who should have it now?"),
    },
    "reliable_messaging": {
        "deliver": ("deliver_takes_timeout_for_ok", "after TIMEOUT nothing more was sent to it"),
        "exactly_once": ("inbox_without_lock", "each in a thread of its own"),
        "roll_call": ("roll_call_impatient", "as long as a slow peer may take"),
    },
}
"""A mistake in each exercise, and a piece of its hint; the first notebook has tests of its own."""

_TROUBLE = ", ".join(f'[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("stderr", "error"))
_NOT_DRAWN = "all => all.filter(one => !(one.complete && one.naturalWidth)).map(one => one.alt)"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", WRONG)
def test_a_notebook_is_done_from_top_to_bottom(name: str, browser: Browser, pictures: Path, tmp_path: Path) -> None:
    handed_out(tmp_path / "work", name)
    with student_lab(tmp_path / "work", tmp_path / "jupyter") as lab:
        notebook = NotebookPage(browser.new_page(viewport={"width": 1000, "height": 1400}), lab, f"{name}.ipynb")
        for exercise, cell in notebook.code_cells():
            if exercise in WRONG[name]:
                try_wrong_answer(notebook, name, exercise, pictures)
                notebook.type(cell, answers(name)[exercise])
            shown = notebook.run(cell)
            assert_sound(shown)
            if exercise.startswith("test_"):
                assert "4 of 4 points" in words(shown)
        assert notebook.page.locator(".jp-Notebook img").evaluate_all(_NOT_DRAWN) == []
        notebook.close()


def try_wrong_answer(notebook: NotebookPage, name: str, exercise: str, pictures: Path) -> None:
    """Answer an exercise with a mistake: the check tells of it, and shows the run."""
    sample, hint = WRONG[name][exercise]
    shown = notebook.answer_and_check(exercise, mistake(sample, name)[exercise])
    said = words(shown)
    assert hint in said and "not yet" in said
    expect(shown.get_by_role("img").first).to_be_visible()
    assert_sound(shown)
    notebook.page.screenshot(path=pictures / f"{name}-{exercise}.png")


def assert_sound(shown: Locator) -> None:
    """See that outputs hold no trouble, and that nothing is cut at their side."""
    expect(shown.locator(_TROUBLE)).to_have_count(0)
    assert shown.evaluate("area => area.scrollWidth <= area.clientWidth"), "it is wider than the notebook"
