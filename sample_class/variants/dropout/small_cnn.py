"""Ways to write ``small_cnn``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

STRUCTURE = "two convolutions, two pools, one classifier"
COUNTS = "channels and classes as asked"
BEFORE_POOL = "dropout before pool"
AFTER_POOL = "dropout after pool"
AFTER_LAST_POOL = "dropout after last pool"
CHANNEL_AFTER_POOL = "dropout channel after pool"
BEFORE_CLASSIFIER = "dropout before classifier"
P = "p reaches the layers"
LOGITS = "one logit for each class, whatever the size of the image"
MODES = "random in training, fixed in evaluation"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

CNN = Variant(
    "small_cnn",
    "branches",
    """
from torch import nn

def small_cnn(placement, p=0.5, in_channels=1, channels=16, classes=10):
    names = ["none", "before_pool", "after_pool", "after_last_pool", "channel_after_pool", "before_classifier"]
    if placement not in names:
        raise ValueError("unknown placement")
    if p < 0 or p >= 1:
        raise ValueError("p")
    if in_channels < 1 or channels < 1 or classes < 1:
        raise ValueError("a number below 1")
    layers = []
    for block in (1, 2):
        layers.append(nn.Conv2d(in_channels if block == 1 else channels, channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
        layers.append(nn.MaxPool2d(2))
        if placement == "after_pool":
            layers.append(nn.Dropout(p))
        if placement == "after_last_pool" and block == 2:
            layers.append(nn.Dropout(p))
        if placement == "channel_after_pool":
            layers.append(nn.Dropout2d(p))
    layers.append(nn.AdaptiveAvgPool2d(1))
    layers.append(nn.Flatten())
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
    layers.append(nn.Linear(channels, classes))
    return nn.Sequential(*layers)
""",
)

CNN_INSERT = Variant(
    "small_cnn",
    "inserted",
    '''
import torch

def small_cnn(placement, p=0.5, in_channels=1, channels=16, classes=10):
    """Build the plain net, then insert from the back."""
    if not 0 <= p < 1 or min(in_channels, channels, classes) < 1:
        raise ValueError("p, in_channels, channels or classes")
    at = {"none": (), "before_pool": (5, 2), "after_pool": (6, 3), "after_last_pool": (6,),
          "channel_after_pool": (6, 3), "before_classifier": (8,)}
    if placement not in at:
        raise ValueError(f"{placement} is none of {list(at)}")
    net = [
        torch.nn.Conv2d(in_channels, channels, (3, 3), padding="same"), torch.nn.ReLU(inplace=True),
        torch.nn.MaxPool2d((2, 2)),
        torch.nn.Conv2d(channels, channels, 3, padding=(1, 1)), torch.nn.ReLU(),
        torch.nn.MaxPool2d(kernel_size=2, stride=2),
        torch.nn.AdaptiveAvgPool2d((1, 1)), torch.nn.Flatten(start_dim=1),
        torch.nn.Linear(channels, classes),
    ]
    layer = torch.nn.Dropout2d if placement.startswith("channel") else torch.nn.Dropout
    for index in at[placement]:
        net.insert(index, layer(p))
    return torch.nn.Sequential(*net)
''',
)

RECTIFIER = "        layers.append(nn.ReLU())\n"
DROP_BEFORE_POOL = """\
        if placement == "before_pool":
            layers.append(nn.Dropout(p))
"""
FLATTEN = "    layers.append(nn.Flatten())\n"
DROP_BEFORE_CLASSIFIER = """\
    if placement == "before_classifier":
        layers.append(nn.Dropout(p))
"""
CLASSIFIER = "    layers.append(nn.Linear(channels, classes))\n"

WRONG = [
    broken(CNN, "forgets_the_rectifier", (RECTIFIER, ""), loses={STRUCTURE}),
    broken(CNN, "convolves_without_padding", (", padding=1", ""), loses={STRUCTURE}),
    broken(
        CNN,
        "nests_blocks",
        ("return nn.Sequential(*layers)", "return nn.Sequential(nn.Sequential(*layers[:-1]), layers[-1])"),
        loses={STRUCTURE},
    ),
    broken(CNN, "forgets_to_flatten", (FLATTEN, ""), loses={STRUCTURE, LOGITS, MODES}),
    broken(
        CNN,
        "sixteen_channels_always",
        ("nn.Linear(channels", "nn.Linear(16"),
        ("else channels, channels, k", "else 16, 16, k"),
        loses={COUNTS},
    ),
    broken(
        CNN,
        "starts_every_block_from_the_image",
        ("in_channels if block == 1 else channels, channels, k", "in_channels, channels, k"),
        loses={COUNTS, LOGITS, MODES},
        typical=True,
    ),
    broken(
        CNN,
        "drops_before_the_rectifier",
        (RECTIFIER + DROP_BEFORE_POOL, DROP_BEFORE_POOL + RECTIFIER),
        loses={BEFORE_POOL},
    ),
    broken(
        CNN,
        "before_the_first_pool_only",
        ('if placement == "before_pool"', 'if placement == "before_pool" and block == 1'),
        loses={BEFORE_POOL},
    ),
    broken(
        CNN,
        "after_the_first_pool_only",
        ('if placement == "after_pool"', 'if placement == "after_pool" and block == 1'),
        loses={AFTER_POOL},
    ),
    broken(CNN, "after_every_pool", (" and block == 2", ""), loses={AFTER_LAST_POOL}),
    broken(CNN, "single_cells_for_channels", ("nn.Dropout2d(p)", "nn.Dropout(p)"), loses={CHANNEL_AFTER_POOL}),
    broken(
        CNN,
        "drops_before_flatten",
        (FLATTEN + DROP_BEFORE_CLASSIFIER, DROP_BEFORE_CLASSIFIER + FLATTEN),
        loses={BEFORE_CLASSIFIER},
    ),
    broken(
        CNN,
        "drops_logits",
        (DROP_BEFORE_CLASSIFIER + CLASSIFIER, CLASSIFIER + DROP_BEFORE_CLASSIFIER),
        loses={BEFORE_CLASSIFIER},
    ),
    broken(CNN, "forgets_p", ("nn.Dropout(p)", "nn.Dropout()"), loses={P}, typical=True),
    # The layer then says 10 classes, and still computes 1,000.
    broken(
        CNN,
        "renames_the_number_of_classes",
        (CLASSIFIER, "    layers.append(nn.Linear(channels, 1000))\n    layers[-1].out_features = classes\n"),
        loses={LOGITS},
    ),
    broken(
        CNN,
        "always_drops",
        ("nn.Dropout(p)", "AlwaysDropout(p)"),
        (
            "def small_cnn",
            """\
class AlwaysDropout(nn.Dropout):
    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=True)
AlwaysDropout.__name__ = 'Dropout'

def small_cnn""",
        ),
        loses={MODES},
        typical=True,
    ),
    # Nothing else asks for another number of channels together with dropout.
    broken(
        CNN,
        "sixteen_channels_behind_dropout",
        (
            CLASSIFIER,
            "    layers.append(nn.Linear(16 if placement == 'before_classifier' else channels, classes))\n",
        ),
        loses={AT_ONCE},
    ),
    broken(CNN, "accepts_any_placement", ("if placement not in names", "if False"), loses={REFUSED}),
    broken(
        CNN,
        "checks_p_only_where_it_is_used",
        ("if p < 0 or p >= 1", "if placement != 'none' and (p < 0 or p >= 1)"),
        loses={REFUSED},
    ),
]

RIGHT = [CNN, CNN_INSERT]
