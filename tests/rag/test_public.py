import inspect
from types import ModuleType
from typing import Literal, get_origin

import pytest

import rag
import suanlian


@pytest.mark.parametrize("package", [rag, suanlian])
def test_the_public_names_are_sorted_and_there(package: ModuleType) -> None:
    assert package.__all__ == sorted(package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)
    assert package.__doc__
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize("package", [rag, suanlian])
def test_every_public_name_is_documented(package: ModuleType) -> None:
    for name in package.__all__:
        member = getattr(package, name)
        assert inspect.getdoc(member) or get_origin(member) is Literal, name
        if inspect.isclass(member) and member.__module__.startswith("rag"):
            own = {n: m for n, m in vars(member).items() if inspect.isfunction(m) and not n.startswith("_")}
            undocumented = [n for n, m in own.items() if not m.__doc__ and n != "settings_customise_sources"]
            assert not undocumented, f"{name}: {undocumented}"


def test_rag_gives_nothing_that_it_does_not_name() -> None:
    modules = {name for name, member in vars(rag).items() if inspect.ismodule(member)}
    assert {name for name in vars(rag) if not name.startswith("_")} - modules == set(rag.__all__)


def test_every_error_is_public() -> None:
    from rag import errors

    kinds = {n for n, m in vars(errors).items() if inspect.isclass(m) and issubclass(m, errors.SuanlianError)}
    assert kinds <= set(rag.__all__)
