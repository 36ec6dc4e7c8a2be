"""What ``package`` writes, and what it makes of a submission that needs no run."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from autograder.cli import main, package
from autograder.package import __main__ as in_container
from autograder.package.services import SERVICES
from tests.tools.course_folder import CHECKOUT, NAME
from tests.unit.package.schemas import check


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(CHECKOUT.root)
    for service in SERVICES:
        assert main(["package", NAME, "--for", service, "--to", str(tmp_path)]) == 0
    return tmp_path


def test_the_command_offers_all_services() -> None:
    assert set(package._SERVICES) == set(SERVICES)


def test_scripts_can_be_executed_and_name_the_assignment(written: Path) -> None:
    scripts = [
        *(written / f"{NAME}-gradescope" / name for name in ("setup.sh", "run_autograder")),
        written / f"{NAME}-prairielearn" / "image" / "run_grader",
    ]
    for script in scripts:
        subprocess.run(["bash", "-n", str(script)], check=True)
        assert os.access(script, os.X_OK)
        assert "@" not in script.read_text()


def test_no_model_answer_is_in_it(written: Path) -> None:
    for folder in (f"{NAME}-gradescope", f"{NAME}-prairielearn"):
        found = {path.name for path in (written / folder).rglob("*") if "solutions" in path.parts}
        assert found <= {NAME, "peers.py"}


def test_a_question_of_prairielearns(written: Path) -> None:
    question = written / f"{NAME}-prairielearn" / "questions" / NAME
    info = json.loads((question / "info.json").read_text())
    assert {"uuid", "title", "topic", "type"} <= info.keys()
    options = info["externalGradingOptions"]
    assert options.keys() == {"image", "entrypoint", "timeout"} and options["timeout"] <= 600
    page = (question / "question.html").read_text()
    assert f'file-names="{NAME}.ipynb"' in page and "<pl-external-grader-results>" in page
    assert (question / "clientFilesQuestion" / f"{NAME}.ipynb").is_file()


def test_a_folder_with_something_in_it_is_refused(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["package", NAME, "--for", "gradescope", "--to", str(written)]) == 2
    assert "holds something already" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "no notebook", "{}"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_submission_that_cannot_be_graded_is_told_and_ends_in_no_traceback(
    service: str, content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submission, results = tmp_path / "submission", tmp_path / "results" / "results.json"
    submission.mkdir()
    if content is not None:
        (submission / f"{NAME}.ipynb").write_text(content)
    places = ["--course", str(CHECKOUT.root), "--submission", str(submission), "--results", str(results)]
    assert in_container.main([service, NAME, *places]) == 0
    result = json.loads(results.read_text())
    check(service, result)
    assert result.get("score", 0) == 0
    assert result["output"] if service == "gradescope" else result["format_errors"]
    assert "cannot be graded" in capsys.readouterr().out
