"""Jobs on an existing Dask cluster: its workers held against this machine, jobs dealt to them, their reports brought back."""
