"""Made-up smile dynamics: the speed of the onset tells the kinds apart, the eyelids do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from duchenne.evaluation.datasets.uva_nemo import EYES, TABLE
from duchenne.expressions.phases import COLUMNS


def smile_table(rows: int = 240) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    kind = generator.integers(0, 2, rows)
    table = pd.DataFrame(generator.random((rows, 150)), columns=[*COLUMNS, *EYES])
    for name in ("mean_speed_positive", "maximum_speed_positive", "std_amplitude"):
        table[f"lip_onset_{name}"] += kind
    table.insert(0, "class", kind)
    table.insert(1, "gender", generator.integers(0, 2, rows))
    table.insert(2, "age", generator.integers(20, 40, rows))
    return table


def write_smiles(folder: Path) -> Path:
    smile_table().to_csv(folder / TABLE, index=False)
    return folder
