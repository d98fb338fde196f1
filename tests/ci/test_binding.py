"""What a pipeline's secret is for, as it is said on the command line and in a file."""

from __future__ import annotations

import shlex

import pytest

from git_registry.errors import UsageError
from git_registry.sdk.ci.binding import Binding, require_told_apart

DEPLOY = "REG_WH_DEPLOY=https://deploy.acme.example:8443/a%20b/,model,eval"


def test_it_is_a_name_a_url_and_registries():
    one = Binding.of(DEPLOY)

    assert (one.name, one.url) == ("REG_WH_DEPLOY", "https://deploy.acme.example:8443/a%20b/")
    assert one.registries == ("model", "eval")
    assert str(one) == DEPLOY
    assert [shlex.split(line)[-2:] for line in one.settings] == [
        ["registrySecret.REG_WH_DEPLOY.url", one.url],
        ["registrySecret.REG_WH_DEPLOY.registry", "model"],
        ["registrySecret.REG_WH_DEPLOY.registry", "eval"],
    ]


@pytest.mark.parametrize(
    "said",
    [
        "whsec_c2VjcmV0",
        "REG_WH_DEPLOY",
        "REG_WH_DEPLOY=whsec_c2VjcmV0",
        "REG_WH_DEPLOY=https://ana:whsec_c2VjcmV0@deploy.example/,model",
        "REG_WH_DEPLOY=https://deploy.example/",
        "REG_WH_DEPLOY=https://deploy.example/,",
        "REG_WH_DEPLOY=https://deploy.example/,a/b",
        "REG_WH_DEPLOY=https://deploy.example/,model\n",
        "REG_WH_DEPLOY=https://deploy.example/?a=b,model",
        "REG_WH_DEPLOY=https://deploy.example/';id;',model",
        "REG_WH_DEPLOY=https://deploy.example/$(id),model",
        "REG_WH_DEPLOY=https://deploy.example/${{github.token}},model",
        "REG_WH_DEPLOY=https://deploy.example/\n,model",
        "REG_WH_DEPLOY=file:///etc/passwd,model",
        "GITHUB_TOKEN=https://deploy.example/,model",
        "reg_wh_x=https://deploy.example/,model",
    ],
)
def test_what_else_is_said_is_refused_and_not_repeated(said):
    with pytest.raises(UsageError) as refused:
        Binding.of(said)

    assert "c2VjcmV0" not in f"{refused.value} {refused.value.hint}"
    assert refused.value.where.startswith("--secret")


def test_one_that_goes_to_several_places_does_so_for_the_same_registries():
    other = "REG_WH_DEPLOY=https://evaluate.acme.example/,{}"
    require_told_apart([Binding.of(DEPLOY), Binding.of(other.format("eval,model"))])
    with pytest.raises(UsageError, match="--secret REG_WH_DEPLOY: each registry"):
        require_told_apart([Binding.of(DEPLOY), Binding.of(other.format("eval"))])
