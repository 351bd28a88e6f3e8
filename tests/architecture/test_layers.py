"""Foreign keys obey the same order as imports. Strings such as "courses.Release" hide them from the import linter."""

import tomllib

import pytest
from django.apps import apps

from elearning.places import BASE_DIR


def layers():
    """App → height, lowest first; siblings share one. Read from the contract, so that there is one order."""
    contract = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    names = [[name.strip(" ()") for name in line.split("|")] for line in reversed(contract["layers"])]
    return {name: height for height, line in enumerate(names) for name in line}


def own_models():
    heights = layers()
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in heights]


def faults(heights, relations):
    """The relations that point upward or to a sibling. A relation is (from, to): (app, model) each."""
    return [
        f"{source[0]}.{source[1]} → {target[0]}.{target[1]}"
        for source, target in relations
        if target[0] in heights and source[0] != target[0] and heights[target[0]] >= heights[source[0]]
    ]


def relations():
    for model in own_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                target = field.related_model._meta
                yield (model._meta.app_label, f"{model.__name__}.{field.name}"), (target.app_label, target.object_name)


def test_no_model_points_to_a_layer_above_its_own():
    assert faults(layers(), relations()) == []


@pytest.mark.parametrize("target", ["cohorts", "case_studies"])
def test_pointing_up_or_sideways_is_noticed(target):
    assert faults(layers(), [(("quizzes", "Attempt.enrolment"), (target, "Thing"))]) != []


def test_every_app_of_ours_stands_in_the_order():
    own = {config.label for config in apps.get_app_configs() if config.path.startswith(str(BASE_DIR / config.label))}
    assert own <= set(layers())
