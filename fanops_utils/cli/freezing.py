"""The verb that fixes a plan before its data: freeze."""

from __future__ import annotations

from datetime import UTC, datetime

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, say, shown


@app.command()
def freeze(experiment: str, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Write the fingerprint of an experiment's plan into its register: once, before the first unit is assigned."""
    from fanops_utils.data.warehouse import Store
    from fanops_utils.errors import WorkspaceError
    from fanops_utils.experiments import controls, planning

    target = open_workspace(workspace)
    design = target.experiment(experiment)
    register = target.path / "experiments" / f"{design.id}.yml"
    if not register.is_file():
        hint = f"Call the file {register.name}, as its id says"
        raise WorkspaceError("the register lies in a file of another name", value=design.id, hint=hint)
    units = controls.assigned(Store(target), design)
    before = design.frozen
    frozen = planning.frozen(register, design, on=datetime.now(UTC).date())
    if as_json:
        new = before is None
        emit({"experiment": design.id, "frozen": frozen.frozen, "file": register, "new": new, "units": units})
    if before is not None:
        say.print(f"{shown(register)} was frozen already as {frozen.frozen}, and has not changed since")
        say.print(f"Next: fanops run experiments/experiment_readout -p experiment={design.id} -w {workspace}")
        return
    say.print(f"{shown(register)} is frozen as {frozen.frozen}: the read-out will show what is changed from now on")
    if units:
        say.print(f"{units:,} units are in already: this plan is not frozen before its data")
    say.print(f"Next: commit it with {register.stem}.frozen.json, then assign the first unit")
