"""Ways to write ``class_activation_map`` and ``head_parameters``, right and wrong."""

from sample_class.variants.global_pooling.names import ALL, BAD, INTEGERS, UNTOUCHED
from sample_class.variants.variant import Variant, broken

ADDED_UP = "the channels are added up"
OWN_WEIGHT = "each channel has its own weight"
ROW = "the class picks its row of weights"
AGAINST = "evidence against a class counts"
FLATTEN = "flattening counts every cell"
GLOBAL = "global pooling counts every channel once"

CAM = Variant(
    "class_activation_map",
    "loops",
    """
import numpy as np

def class_activation_map(features, weight, class_index):
    features = np.asarray(features)
    weight = np.asarray(weight)
    if features.ndim != 3:
        raise ValueError("features must be (C, H, W)")
    if weight.ndim != 2:
        raise ValueError("weight must be (classes, C)")
    if class_index < 0 or class_index >= weight.shape[0]:
        raise ValueError("no such class")
    result = np.zeros(features.shape[1:])
    for c in range(features.shape[0]):
        result += weight[class_index, c] * features[c]
    return result
""",
)

CAM_MATRIX = Variant(
    "class_activation_map",
    "matrix_product",
    """
import numpy as np

def class_activation_map(features, weight, class_index):
    if np.ndim(features) != 3:
        raise ValueError("features")
    if np.ndim(weight) != 2:
        raise ValueError("weight")
    if class_index not in range(len(weight)):
        raise ValueError("class_index")
    channels, height, width = np.shape(features)
    one_by_one = np.asarray(weight, float) @ np.reshape(features, (channels, height * width)).astype(float)
    return one_by_one[class_index].reshape(height, width)
""",
)

CAM_TENSORDOT = Variant(
    "class_activation_map",
    "tensordot",
    """
import numpy as np

def class_activation_map(features, weight, class_index):
    for name, array, axes in (("features", features, 3), ("weight", weight, 2)):
        if array.ndim != axes:
            raise ValueError(name)
    if not 0 <= class_index < len(weight):
        raise ValueError("class_index")
    return np.tensordot(weight[class_index], features, axes=(0, 0)) * 1.0
""",
)

CAM_WRONG = [
    Variant(
        "class_activation_map",
        "in_the_order_of_the_memory",
        CAM_MATRIX.source.replace("np.reshape(features, (", 'np.ravel(features, "K").reshape((').replace(
            "channels, height * width))", "channels, height * width))"
        ),
        {ALL},
    ),
    broken(
        CAM,
        "class_zero_is_no_class",
        ("    result = np", "    row = weight[class_index] if class_index else weight.max(axis=0)\n    result = np"),
        ("weight[class_index, c]", "row[c]"),
        loses={OWN_WEIGHT},
    ),
    broken(CAM, "cut_off_at_zero", ("return result", "return np.maximum(result, 0)"), loses={AGAINST}, typical=True),
    broken(
        CAM,
        "weight_transposed",
        ("weight[class_index, c]", "weight.T[class_index % weight.shape[1], c % weight.shape[0]]"),
        loses={ROW},
    ),
    broken(CAM, "always_the_first_class", ("weight[class_index, c]", "weight[0, c]"), loses={ROW}),
    broken(
        CAM,
        "one_weight_for_all",
        ("weight[class_index, c]", "weight[class_index].mean()"),
        loses={OWN_WEIGHT, ROW, AGAINST},
    ),
    broken(
        CAM,
        "result_of_the_inputs_kind",
        ("np.zeros(features.shape[1:])", "np.zeros_like(features[0])"),
        (
            "result += weight[class_index, c] * features[c]",
            "result += (weight[class_index, c] * features[c]).astype(result.dtype)",
        ),
        loses={INTEGERS},
    ),
    broken(
        CAM,
        "weights_in_place",
        (
            "    result = np.zeros(features.shape[1:])\n"
            "    for c in range(features.shape[0]):\n"
            "        result += weight[class_index, c] * features[c]\n"
            "    return result",
            "    features = features if features.dtype == float else features.astype(float)\n"
            "    features *= weight[class_index, :, None, None]\n"
            "    return features.sum(axis=0)",
        ),
        loses={UNTOUCHED},
    ),
    broken(
        CAM,
        "negative_classes_from_behind",
        ("class_index < 0 or class_index >=", "class_index >="),
        loses={BAD},
        typical=True,
    ),
    broken(
        CAM,
        "average_over_channels",
        ("return result", "return result / len(features)"),
        loses={ADDED_UP},
    ),
]

HEAD = Variant(
    "head_parameters",
    "two_branches",
    """
def head_parameters(channels, height, width, classes, head):
    if min(channels, height, width, classes) < 1:
        raise ValueError("every count must be at least 1")
    if head == "flatten":
        return channels * height * width * classes + classes
    if head == "global":
        return channels * classes + classes
    raise ValueError("head must be flatten or global")
""",
)

HEAD_TABLE = Variant(
    "head_parameters",
    "table",
    """
import numpy as np

def head_parameters(channels, height, width, classes, head):
    sizes = np.array([channels, height, width, classes])
    inputs = {"flatten": [1, 1, 1], "global": [1, 0, 0]}
    if head not in inputs or (sizes <= 0).any():
        raise ValueError("bad head or size")
    return (np.prod(sizes[:3] ** inputs[head]) + 1) * sizes[3]
""",
)

HEAD_WRONG = [
    Variant(
        "head_parameters",
        "in_32_bits",
        HEAD_TABLE.source.replace("height, width, classes])", "height, width, classes], dtype=np.int32)")
        .replace("np.prod(sizes[:3] ** inputs[head])", "np.prod(sizes[:3] ** inputs[head], dtype=np.int32)")
        .replace(" + 1) * sizes[3]", " + np.int32(1)) * sizes[3]"),
        {ALL},
    ),
    broken(
        HEAD,
        "no_bias_when_flat",
        ("height * width * classes + classes", "height * width * classes"),
        loses={FLATTEN},
        typical=True,
    ),
    broken(
        HEAD,
        "no_bias_behind_the_pool",
        ("channels * classes + classes", "channels * classes"),
        loses={GLOBAL},
        typical=True,
    ),
    broken(
        HEAD,
        "bias_for_each_input",
        ("channels * classes + classes", "channels * classes + channels"),
        loses={GLOBAL},
        typical=True,
    ),
    broken(
        HEAD,
        "global_counts_cells",
        ("return channels * classes", "return channels * height * width * classes"),
        loses={GLOBAL},
    ),
    broken(HEAD, "square_maps_only", ("height * width", "height * height"), loses={FLATTEN}),
    broken(
        HEAD,
        "a_float",
        ("channels * height * width * classes + classes", "float(channels * height * width * classes + classes)"),
        loses={FLATTEN},
    ),
    broken(HEAD, "every_other_head_is_global", ('if head == "global":', "if True:"), loses={BAD}),
    broken(
        HEAD,
        "only_what_enters_is_checked",
        (
            "if min(channels, height, width, classes) < 1:",
            'if min(channels, classes) < 1 or head == "flatten" and min(height, width) < 1:',
        ),
        loses={BAD},
    ),
]
