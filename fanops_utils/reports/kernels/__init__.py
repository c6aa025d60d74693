"""Kernels: the processes in which the cells of notebooks run, forked from a prepared parent where that can be done."""
