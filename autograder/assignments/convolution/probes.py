"""Functions that run in the student's namespace, beside the student's own, which are only declared here.

A probe's source is all that goes there: it names nothing else of this module, and its types are in quotes.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    def receptive_field(layers: list[Any]) -> Any:
        """Stand for the student's function."""

    def conv2d_cost(*arguments: Any, bias: bool = True) -> Any:
        """Stand for the student's function."""


def _probe_receptive_field(layers: "list[Any]") -> "Any":
    result = receptive_field(layers)
    return result, layers


def _probe_bias_cost(*arguments: "Any") -> "Any":
    (parameters, macs), (bare, bare_macs) = (conv2d_cost(*arguments, bias=bias) for bias in (True, False))
    default = conv2d_cost(*arguments)
    return parameters - bare, macs - bare_macs, default[0] - bare
