"""What goes to the terminal cannot steer it, and failures become exit codes."""

from pathlib import Path

import pytest

from eztong.cli.console import plain, render_value
from eztong.cli.data.lock import ServerRunning, hold, server_on
from eztong.cli.exits import code_of
from eztong.domain.errors import EztongError, InputInvalid, StateConflict, Unavailable


def test_escape_sequences_are_taken_out() -> None:
    assert plain("a\x1b[31mb\x9bc\u6d4b") == "a\ufffd[31mb\ufffdc\u6d4b"


def test_what_turns_or_breaks_lines_is_taken_out() -> None:
    assert plain("a\u202eb\u2028c\u200bd") == "a\ufffdb\ufffdc\ufffdd"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"by": "asker", "text": "Pay; by=service, text=We pay"}, 'by=asker, text="Pay; by=service, text=We pay"'),
        ({"text": 'so "he" said'}, 'text="so \\"he\\" said"'),
        ({"moves": [{"by": "asker"}, {"by": "service"}]}, "moves=((by=asker), (by=service))"),
        (["one, two", "three"], '"one, two", three'),
        ({"at": "2026-01-15T02:00:00.000Z", "no": None}, "at=2026-01-15T02:00:00.000Z, no=none"),
    ],
)
def test_what_somebody_wrote_looks_like_no_value_of_its_own(value: object, shown: str) -> None:
    assert render_value(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "yes"), (None, "none"), ({}, "none"), ({"is_person": True, "age": False}, "is_person=yes, age=no")],
)
def test_values_in_plain_words(value: object, shown: str) -> None:
    assert render_value(value) == shown


@pytest.mark.parametrize(
    ("error", "code"), [(InputInvalid(), 2), (StateConflict(), 3), (EztongError(), 3), (Unavailable(), 4)]
)
def test_exit_codes(error: EztongError, code: int) -> None:
    assert code_of(type(error)) == code


def test_one_server_for_each_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert server_on(folder) is None
    with hold(folder, told="http://127.0.0.1:1"):
        assert server_on(folder) == "http://127.0.0.1:1"
        with pytest.raises(ServerRunning), hold(folder):
            pass
    assert server_on(folder) is None
