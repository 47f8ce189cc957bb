"""What survives another reading of who is an actor."""

from __future__ import annotations

from egdata.analysis.sensitivity import network_sensitivity, network_summary
from egdata.base.vocabulary import IDENTITIES
from egdata.codebook.codebook import read_codebook


def test_policies_give_three_networks(real, real_coding):
    summary = network_summary(real_coding)
    assert list(summary["identity"]) == [*IDENTITIES, *IDENTITIES]
    shapes = summary.loc[summary["has_no_holder"], ["n_actors", "n_edges", "density"]]
    assert len(shapes.drop_duplicates()) == 3
    for narrow, wide in ((0, 1), (1, 2)):
        assert summary["n_actors"][narrow] > summary["n_actors"][wide]
    assert (summary["weight"][:3] > summary["weight"][3:].to_numpy()).all()


def test_sensitivity(real, real_coding):
    table = network_sensitivity(real_coding).set_index("result")
    assert set(table.index) == {
        "most_cited_instrument",
        "instrument_of_most_actors",
        "most_central_actor",
        "agreeing_holders",
        "opposed_holders",
        "most_polarized_issue",
    }
    assert table.loc["most_cited_instrument", "survives_identity"]
    same_three = table["mention"].eq(table["unit"]) & table["mention"].eq(table["merged"])
    assert same_three.eq(table["survives_identity"]).all()
    assert table["is_robust"].eq(table["survives_identity"] & table["survives_no_holder"]).all()
    assert not table["is_robust"].all()
    chinese = network_sensitivity(real_coding, lang="zh").set_index("result")
    assert chinese["is_robust"].equals(table["is_robust"])
    label = read_codebook().codes("instruments")["new-convention"]["label_zh"]
    assert chinese.loc["most_cited_instrument", "mention"] == label
