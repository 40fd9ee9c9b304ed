"""What fuzzing has found, again. A file of corpus/: lines that say what it was, the target, and what was drawn for it."""

import ast
from pathlib import Path

import pytest

from fuzz import scenes, test_fuzz_driver, test_fuzz_framer, test_fuzz_villain

_PLAYS = {"driver": test_fuzz_driver.play, "villain": test_fuzz_villain.play}
_FOUND = sorted((Path(__file__).parent / "corpus").glob("*.txt"))


@pytest.mark.parametrize("path", _FOUND, ids=lambda path: path.stem)
def test_what_was_found_once_is_not_found_again(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    kind, name = lines[0].split()
    drawn = ast.literal_eval("".join(lines[1:]))
    if kind == "framer":
        getattr(test_fuzz_framer, name)(*drawn)
    else:
        _PLAYS[kind](getattr(scenes, name), *drawn)


def test_the_corpus_is_there():
    assert len(_FOUND) >= 5
