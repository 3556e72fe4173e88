"""Every command explains itself, and exit codes mean what the help says."""

import subprocess
from collections.abc import Iterator

import click
import pytest

from eztong.cli.main import cli
from tests.flows.cli.command import CommandLine


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk through every command and group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = list(commands(cli))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_help_names_every_option_and_the_exit_codes(path: tuple[str, ...], command: click.Command) -> None:
    context = click.Context(command, info_name=" ".join(path), max_content_width=100)
    shown = command.get_help(context)
    for option in command.params:
        for name in option.opts if isinstance(option, click.Option) else []:
            assert name in shown
    assert "Exit codes:" in shown
    assert "Examples:" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


@pytest.mark.parametrize("path", [(), ("serve",), ("db", "restore"), ("demo",)])
def test_help_exits_with_0(eztong: CommandLine, path: tuple[str, ...]) -> None:
    done = eztong.run(*path, "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: eztong" in done.out


def test_an_unknown_command_is_a_usage_error(eztong: CommandLine) -> None:
    done = eztong.run("dance")
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("given", ["abc", "99999", "-1"])
def test_a_port_that_is_none_is_told_which_there_are(eztong: CommandLine, given: str) -> None:
    done = eztong.run("serve", "--port", given)
    assert (done.code, "give one from 1 to 65535" in done.err) == (2, True)


def test_a_number_that_is_none_is_told_its_bounds(eztong: CommandLine) -> None:
    done = eztong.run("sandbox", "populate", "few")
    assert (done.code, "'few' is not a whole number from 1 on." in done.err) == (2, True)


def test_a_misspelt_setting_is_a_settings_error_in_one_line(eztong: CommandLine) -> None:
    eztong.settings["EZTONG_PROT"] = "80"
    done = eztong.run("keys", "list")
    assert done.code == 2
    assert done.err.splitlines() == [
        "eztong: Unknown setting: EZTONG_PROT. See docs/reference/settings.md. [settings_invalid]"
    ]


def test_a_missing_keyring_is_a_state_problem_in_one_line(eztong: CommandLine) -> None:
    done = eztong.run("keys", "list")
    assert done.code == 3
    assert done.err.count("\n") == 1
    assert done.err.endswith("[keyring_missing]\n")


def test_version_for_a_machine(eztong: CommandLine) -> None:
    assert {"eztong", "python", "crypto"} <= eztong.run("version", "--json").json().keys()


@pytest.mark.parametrize(("shell", "mark"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete ")])
def test_completion_scripts(eztong: CommandLine, shell: str, mark: str) -> None:
    done = eztong.run("completion", shell)
    assert done.code == 0
    assert mark in done.out
    assert "_EZTONG_COMPLETE" in done.out


def test_the_bash_script_is_bash(eztong: CommandLine) -> None:
    script = eztong.run("completion", "bash").out
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_completion_knows_the_commands(eztong: CommandLine) -> None:
    eztong.settings |= {"_EZTONG_COMPLETE": "bash_complete", "COMP_WORDS": "eztong ev", "COMP_CWORD": "1"}
    assert "evidence" in eztong.run().out
