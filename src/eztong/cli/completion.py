"""``eztong completion``: what makes the tab key know the commands."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

from eztong.cli.exits import epilog

_VARIABLE: Final = "_EZTONG_COMPLETE"


@click.command(
    epilog=epilog(
        "eztong completion bash > ~/.local/share/bash-completion/completions/eztong",
        'eztong completion zsh > "${fpath[1]}/_eztong"',
        "eztong completion fish > ~/.config/fish/completions/eztong.fish",
    )
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = ctx.find_root()
    # Not .source(): that runs the shell to ask for its version, which printing a text does not need.
    script = kind(root.command, {}, root.info_name or "eztong", _VARIABLE)
    click.echo(script.source_template % script.source_vars())
