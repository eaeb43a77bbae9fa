"""Demos that compute in the page: anywidgets for the book and for live notebooks."""

from demos.backward_stepper import BackwardStepper
from demos.convolution_explorer import ConvolutionExplorer
from demos.convolution_steps import ConvolutionSteps
from demos.dropout_lab import DropoutLab
from demos.head_lab import HeadLab
from demos.pooling_explorer import PoolingExplorer
from demos.receptive_field import ReceptiveField
from demos.roi_pooling import RoiPooling
from demos.rotation_orbit import RotationOrbit
from demos.shift_lab import ShiftLab
from demos.training_lab import TrainingLab
from demos.whole_network import WholeNetwork

__all__ = [
    "BackwardStepper",
    "ConvolutionExplorer",
    "ConvolutionSteps",
    "DropoutLab",
    "HeadLab",
    "PoolingExplorer",
    "ReceptiveField",
    "RoiPooling",
    "RotationOrbit",
    "ShiftLab",
    "TrainingLab",
    "WholeNetwork",
]
