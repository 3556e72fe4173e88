"""The demo plays the main job and fails loudly if a step is not as it says."""

import re

import pytest

from tests.flows.cli.command import CommandLine


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_demo_plays_every_step(eztong: CommandLine) -> None:
    done = eztong.run("demo", "--plain")
    assert done.code == 0, done.out + done.err
    steps = re.findall(r"^ ?(\d+)\. ", done.out, re.MULTILINE)
    assert steps == [str(number) for number in range(1, 15)]
    assert "✗" not in done.out
    assert "▀" in done.out
    assert "code_already_used" in done.out
    assert "code_expired" in done.out
    assert "not_passed" in done.out


@pytest.mark.slow
def test_the_demo_says_what_stood_in_its_way(eztong: CommandLine) -> None:
    with eztong.serving("serve") as (address, _child):
        done = eztong.run("demo", "--port", address.rpartition(":")[2])
    assert done.code != 0
    assert "Traceback" not in done.err
