"""The workspace: one brand's folder, its paths and its validated registers."""

from fanops_utils.workspace.folder import Workspace
from fanops_utils.workspace.opening import init_workspace, open_workspace, project_root
from fanops_utils.workspace.register import choose_period, read_register
from fanops_utils.workspace.registers.brand import Account, Brand, Market
from fanops_utils.workspace.registers.campaign import Campaign
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric
from fanops_utils.workspace.registers.privacy import Privacy
from fanops_utils.workspace.registers.target import Target

__all__ = [
    "Account",
    "Brand",
    "Campaign",
    "Decision",
    "Experiment",
    "Market",
    "Metric",
    "Privacy",
    "Target",
    "Workspace",
    "choose_period",
    "init_workspace",
    "open_workspace",
    "project_root",
    "read_register",
]
