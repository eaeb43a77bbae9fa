"""Demos that compute in the page: anywidgets for the book and for live notebooks."""

from demos.backward_stepper import BackwardStepper
from demos.pooling_explorer import PoolingExplorer

__all__ = ["BackwardStepper", "PoolingExplorer"]
