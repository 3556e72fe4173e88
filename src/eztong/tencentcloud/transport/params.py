"""Parameters as they arrive, checked against an action's schema: JSON as it is, dotted forms made into the same.

A form spells ``{"Config": {"InputType": "1"}}`` as ``Config.InputType=1`` and list entries with their index; numbers
and booleans are texts there (``True`` or ``true``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from eztong.tencentcloud.transport.refusals import refusal, unreadable_body
from eztong.tencentcloud.transport.schema import Field, Kind, Schema

_MOST_FIELDS: Final = 2000
_DEEPEST: Final = 8
_MOST_SIGNED: Final = 2**63 - 1
_MOST_UNSIGNED: Final = 2**64 - 1
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}")
_BOOLEANS: Final = {"true": True, "True": True, "false": False, "False": False}

_Tree = dict[str, Any]


def read_json(body: bytes) -> Mapping[str, Any]:
    """Return the object in a JSON body; an empty body has no parameters.

    Raises:
        TencentError: no JSON, or no object.
    """
    if not body:
        return {}
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise unreadable_body() from error
    if not isinstance(found, dict):
        raise unreadable_body()
    return found


def read_form(form: bytes) -> Mapping[str, str]:
    """Return the fields of a query or form, decoded.

    Raises:
        TencentError: not UTF-8, too many, or one twice.
    """
    try:
        pairs = parse_qsl(form.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise unreadable_body() from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise unreadable_body()
    return fields


def nest(fields: Mapping[str, str], schema: Schema) -> Mapping[str, Any]:
    """Return what a JSON body would hold for these dotted fields.

    Raises:
        TencentError: a name is both a value and a folder of values, or too deep.
    """
    tree: _Tree = {}
    for name, value in fields.items():
        _plant(tree, name, value)
    return {name: _typed(value, schema[name]) if name in schema else value for name, value in tree.items()}


def check_params(params: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return the parameters that are there (null counts as absent), each with the type and limits of its field.

    Raises:
        TencentError: UnknownParameter, MissingParameter, InvalidParameter, InvalidParameterValue.
    """
    return _check_fields(params, schema, prefix="")


def _plant(tree: _Tree, name: str, value: str) -> None:
    *folders, last = name.split(".")
    if len(folders) >= _DEEPEST:
        raise refusal("UnknownParameter", name=_shown(name))
    place = tree
    for folder in folders:
        place = place.setdefault(folder, {})
        if not isinstance(place, dict):
            raise refusal("InvalidParameter", name=_shown(name))
    if last in place:
        raise refusal("InvalidParameter", name=_shown(name))
    place[last] = value


def _typed(value: Any, field: Field) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        if field.kind is Kind.OBJECT and field.fields is not None:
            known = field.fields
            return {name: _typed(part, known[name]) if name in known else part for name, part in value.items()}
        if field.kind is Kind.LIST and field.items is not None and _is_list(value):
            return [_typed(value[str(index)], field.items) for index in range(len(value))]
        return value
    return _typed_text(value, field.kind)


def _typed_text(text: str, kind: Kind) -> Any:  # noqa: ANN401 - any JSON value
    if kind is Kind.STRING:
        return text
    if not text:
        # Go sends what is not set as an empty text.
        return None
    if kind is Kind.BOOLEAN:
        return _BOOLEANS.get(text, text)
    return int(text) if kind in {Kind.INTEGER, Kind.UNSIGNED} and _WHOLE.fullmatch(text) else text


def _is_list(tree: _Tree) -> bool:
    return all(str(index) in tree for index in range(len(tree)))


def _check_fields(params: Mapping[str, Any], schema: Schema, *, prefix: str) -> dict[str, Any]:
    for name in params:
        if name not in schema:
            raise refusal("UnknownParameter", name=_shown(prefix + name))
    checked: dict[str, Any] = {}
    for name, field in schema.items():
        value = params.get(name)
        if value is not None:
            checked[name] = _checked(value, field, name=prefix + name)
        elif field.required:
            raise refusal("MissingParameter", name=prefix + name)
    return checked


def _checked(value: Any, field: Field, *, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if not _has_kind(value, field.kind):
        raise refusal("InvalidParameter", name=name)
    if not _is_within(value, field):
        raise refusal("InvalidParameterValue", name=name)
    if field.kind is Kind.OBJECT and field.fields is not None:
        return _check_fields(value, field.fields, prefix=f"{name}.")
    if field.kind is Kind.LIST and field.items is not None:
        return [_checked(item, field.items, name=f"{name}.{index}") for index, item in enumerate(value)]
    return value


def _has_kind(value: object, kind: Kind) -> bool:
    match kind:
        case Kind.STRING:
            return isinstance(value, str)
        case Kind.INTEGER | Kind.UNSIGNED:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.OBJECT:
            return isinstance(value, dict)
        case Kind.LIST:
            return isinstance(value, list)


def _is_within(value: Any, field: Field) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        fits = field.pattern is None or re.fullmatch(field.pattern, value) is not None
        return fits and _is_at_most(len(value), field) and (not field.choices or value in field.choices)
    if field.kind in {Kind.INTEGER, Kind.UNSIGNED}:
        least, most = (0, _MOST_UNSIGNED) if field.kind is Kind.UNSIGNED else (-_MOST_SIGNED - 1, _MOST_SIGNED)
        return (
            least <= value <= most and _is_at_most(value, field) and (not field.choices or str(value) in field.choices)
        )
    return field.kind is not Kind.LIST or _is_at_most(len(value), field)


def _is_at_most(number: int, field: Field) -> bool:
    return field.most is None or number <= field.most


def _shown(name: str) -> str:
    """Return a parameter's name if it can be one: a client may have put anything there."""
    return name if _NAME.fullmatch(name) else "?"
