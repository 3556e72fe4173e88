"""Region codes at the front of a citizen number: GB/T 2260, its first two digits.

The six region digits say where a person was *first registered*. They are neither the present
residence nor always in today's list: districts are renamed, merged and abolished, their numbers
stay. So only the province prefix, which has been stable, is judged here; the other four digits are
left to the authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROVINCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "11": "北京市",
        "12": "天津市",
        "13": "河北省",
        "14": "山西省",
        "15": "内蒙古自治区",
        "21": "辽宁省",
        "22": "吉林省",
        "23": "黑龙江省",
        "31": "上海市",
        "32": "江苏省",
        "33": "浙江省",
        "34": "安徽省",
        "35": "福建省",
        "36": "江西省",
        "37": "山东省",
        "41": "河南省",
        "42": "湖北省",
        "43": "湖南省",
        "44": "广东省",
        "45": "广西壮族自治区",
        "46": "海南省",
        "50": "重庆市",
        "51": "四川省",
        "52": "贵州省",
        "53": "云南省",
        "54": "西藏自治区",
        "61": "陕西省",
        "62": "甘肃省",
        "63": "青海省",
        "64": "宁夏回族自治区",
        "65": "新疆维吾尔自治区",
        # Assigned by GB/T 2260; not the code of the residence permit, which is 830000.
        "71": "台湾省",
    }
)
"""Province-level prefix, two digits, to its official name."""

HONG_KONG_RESIDENCE: Final = "810000"
"""The only region code of a Hong Kong resident's 港澳居民居住证."""

MACAU_RESIDENCE: Final = "820000"
"""The only region code of a Macau resident's 港澳居民居住证."""

TAIWAN_RESIDENCE: Final = "830000"
"""The only region code of a 台湾居民居住证."""
