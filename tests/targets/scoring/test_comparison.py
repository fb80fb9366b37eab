"""The product against the calculation by hand, and mistakes that this comparison must find."""

import pytest

from tests.targets.scoring.by_hand import calculate
from tests.targets.scoring.comparison import find_differences
from tests.targets.scoring.mistakes import MISTAKES
from tests.targets.scoring.samples import COMMISSION, build_document

CASES, SEED = 500, 20_260_302


def test_product_and_hand_agree() -> None:
    assert list(find_differences(cases=CASES, seed=SEED)) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_found(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = MISTAKES[mistake]
    monkeypatch.setattr(owner, name, wrong)
    assert next(find_differences(cases=CASES, seed=SEED), None)


def test_hand_knows_the_worked_example() -> None:
    result = calculate(build_document(commission=COMMISSION))
    assert (result["total_score"], result["base"], result["commission"]) == ("65.721781", "32860.89", "15680.00")
    assert result["payout"] == "48540.89"
