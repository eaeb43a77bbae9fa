"""The mean meter: what a global average keeps of an image."""

import numpy as np
from traitlets import List

from demos.base import Demo
from demos.picture import Panel, matrices


class MeanMeter(Demo, module="mean_meter"):
    """Show the mean of ``image``."""

    image: List[list[int]] = List([[1, 2], [3, 6]], help="rows of numbers").tag(sync=True)

    def picture(self) -> str:
        """Return the image."""
        return matrices([Panel("Image", np.array(self.image))], "An image of four cells, the mean of which is three")
