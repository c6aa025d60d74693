"""Charts of curves and clouds, drawn by matplotlib: margins measured, names of axes across, one drawing per width."""
