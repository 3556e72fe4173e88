"""Parameters: dotted forms become what JSON says, and each fault has its code and name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.params import check_params, nest, read_form, read_json
from eztong.tencentcloud.transport.schema import Field, Kind, Schema

QUESTION = {"Question": Field(required=True, most=5), "Answers": Field(kind=Kind.LIST, most=3, items=Field())}
SCHEMA: Schema = {
    "Id": Field(required=True, most=4, pattern=r"[a-z]+"),
    "Mode": Field(choices=("1", "2")),
    "Count": Field(kind=Kind.UNSIGNED, most=9),
    "Offset": Field(kind=Kind.INTEGER),
    "Cut": Field(kind=Kind.BOOLEAN),
    "Config": Field(
        kind=Kind.OBJECT,
        fields={
            "Speed": Field(kind=Kind.UNSIGNED),
            "Questions": Field(kind=Kind.LIST, most=2, items=Field(kind=Kind.OBJECT, fields=QUESTION)),
        },
    ),
}


def refused(params: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON
    """Return the code of the refusal, and its message."""
    with pytest.raises(TencentError) as caught:
        check_params(params, SCHEMA)
    return caught.value.code, caught.value.message("en-US")


def flattened(value: object, name: str = "") -> dict[str, str]:
    """Spell a value as the Python SDK does."""
    if isinstance(value, dict):
        parts = [flattened(part, f"{name}.{key}" if name else key) for key, part in value.items()]
        return {key: text for part in parts for key, text in part.items()}
    if isinstance(value, list):
        return flattened({str(index): part for index, part in enumerate(value)}, name)
    return {name: str(value)}


texts = st.text(max_size=5)
questions = st.fixed_dictionaries({"Question": texts, "Answers": st.lists(texts, min_size=1, max_size=3)})
documents = st.fixed_dictionaries(
    {"Id": st.text("abc", min_size=1, max_size=4)},
    optional={
        "Mode": st.sampled_from(["1", "2"]),
        "Count": st.integers(0, 9),
        "Offset": st.integers(-(2**63), 2**63 - 1),
        "Cut": st.booleans(),
        "Config": st.fixed_dictionaries(
            {"Speed": st.integers(0, 2**64 - 1)}, optional={"Questions": st.lists(questions, min_size=1, max_size=2)}
        ),
    },
)


@given(documents)
def test_a_form_says_what_json_says(document: dict[str, Any]) -> None:
    from_json = check_params(read_json(json.dumps(document).encode()), SCHEMA)
    assert from_json == document
    assert check_params(nest(flattened(document), SCHEMA), SCHEMA) == document


@pytest.mark.parametrize(
    ("params", "code", "name"),
    [
        ({}, "MissingParameter", "Id"),
        ({"Id": None}, "MissingParameter", "Id"),
        ({"Id": "a", "Other": 1}, "UnknownParameter", "Other"),
        ({"Id": "a", "Config": {"Questions": [{"Question": "q", "Text": "t"}]}}, "UnknownParameter",
         "Config.Questions.0.Text"),
        ({"Id": "a", "Config": {"Questions": [{"Answers": []}]}}, "MissingParameter", "Config.Questions.0.Question"),
        ({"Id": 1}, "InvalidParameter", "Id"),
        ({"Id": ["a"]}, "InvalidParameter", "Id"),
        ({"Id": "a", "Count": True}, "InvalidParameter", "Count"),
        ({"Id": "a", "Count": 1.0}, "InvalidParameter", "Count"),
        ({"Id": "a", "Count": "1"}, "InvalidParameter", "Count"),
        ({"Id": "a", "Cut": 1}, "InvalidParameter", "Cut"),
        ({"Id": "a", "Config": []}, "InvalidParameter", "Config"),
        ({"Id": "a", "Config": {"Questions": {}}}, "InvalidParameter", "Config.Questions"),
        ({"Id": "a", "Config": {"Questions": ["q"]}}, "InvalidParameter", "Config.Questions.0"),
        ({"Id": "A"}, "InvalidParameterValue", "Id"),
        ({"Id": "abcde"}, "InvalidParameterValue", "Id"),
        ({"Id": "a\n"}, "InvalidParameterValue", "Id"),
        ({"Id": "a", "Mode": "3"}, "InvalidParameterValue", "Mode"),
        ({"Id": "a", "Count": -1}, "InvalidParameterValue", "Count"),
        ({"Id": "a", "Count": 10}, "InvalidParameterValue", "Count"),
        ({"Id": "a", "Offset": 2**63}, "InvalidParameterValue", "Offset"),
        ({"Id": "a", "Config": {"Questions": [{"Question": "q"}] * 3}}, "InvalidParameterValue", "Config.Questions"),
    ],
)  # fmt: skip
def test_a_fault_has_its_code_and_its_name(params: dict[str, Any], code: str, name: str) -> None:
    found, message = refused(params)
    assert found == code
    assert f"`{name}`" in message


@pytest.mark.parametrize(
    ("form", "params"),
    [
        ({"Id": "a", "Cut": "True"}, {"Id": "a", "Cut": True}),
        ({"Id": "a", "Cut": "false"}, {"Id": "a", "Cut": False}),
        ({"Id": "a", "Cut": "", "Count": ""}, {"Id": "a"}),
        ({"Id": "a", "Mode": "1"}, {"Id": "a", "Mode": "1"}),
    ],
)
def test_texts_of_forms_become_values(form: dict[str, str], params: dict[str, Any]) -> None:
    assert check_params(nest(form, SCHEMA), SCHEMA) == params


@pytest.mark.parametrize(
    "form",
    [
        {"Id": "a", "Count": "1e3"},
        {"Id": "a", "Count": "９"},
        {"Id": "a", "Cut": "yes"},
        {"Id": "a", "Config.Questions.1.Question": "q"},
        {"Id": "a", "Config.Questions.00.Question": "q"},
        {"Id": "a", "Config": "x"},
        {"Id": "a", "Id.0": "x"},
        {"Id.0": "x", "Id": "a"},
    ],
)
def test_forms_that_say_something_else_are_refused(form: dict[str, str]) -> None:
    with pytest.raises(TencentError) as caught:
        check_params(nest(form, SCHEMA), SCHEMA)
    assert caught.value.code == "InvalidParameter"


@pytest.mark.parametrize("form", [b"a=1&a=2", b"a=%ff", b"\xff=1", b"&".join(b"a%d=1" % n for n in range(2100))])
def test_forms_that_cannot_be_read_are_refused(form: bytes) -> None:
    with pytest.raises(TencentError) as caught:
        read_form(form)
    assert caught.value.code == "InvalidParameter"


def test_a_name_that_is_too_deep_is_unknown() -> None:
    with pytest.raises(TencentError) as caught:
        nest({"Config" + ".a" * 9: "x"}, SCHEMA)
    assert caught.value.code == "UnknownParameter"
