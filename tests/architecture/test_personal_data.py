"""Every model says which personal data it holds, so that an export, an erasure or an audit need not guess."""

import pytest

from tests.architecture.test_layers import own_models

KINDS = {
    "name", "contact", "identifier", "link", "employment", "demographic", "preference", "activity", "assessment",
    "content", "secret",
}  # fmt: skip


def declared(model):
    return vars(model).get("pii", getattr(model, "pii", None))


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_a_model_declares_its_personal_data(model):
    if model._meta.auto_created:
        pytest.skip("a table of links, declared by the field that made it")
    pii = declared(model)
    assert pii is not None, f"{model._meta.label} has no `pii`; write pii = {{}} where it holds none"
    fields = {field.name for field in model._meta.get_fields()}
    assert set(pii) <= fields, "it names fields that do not exist"
    assert set(pii.values()) <= KINDS, "it uses a kind that is not in the list"


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_a_link_to_a_person_is_declared(model):
    if model._meta.auto_created:
        pytest.skip("a table of links, declared by the field that made it")
    people = {"people.User", "people.Officer"}
    keys = [field for field in model._meta.local_fields if field.is_relation and field.related_model]
    links = {field.name for field in keys if field.related_model._meta.label in people}
    assert links <= set(declared(model) or {})
