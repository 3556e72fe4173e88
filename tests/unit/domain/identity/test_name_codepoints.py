"""The private-use table agrees with an independent one: Python's gb18030 codec."""

from __future__ import annotations

import unicodedata

from eztong.domain.identity.name_codepoints import FULL_STOPS, SEPARATOR_FAMILY, STAND_INS, STANDARD_OF_PRIVATE_USE

# Python's codec is of GB 18030-2000: there these 24 + 1 two-byte codes were private use still.
PRIVATE_IN_2000 = {*range(0xE78D, 0xE797), 0xE7C7, 0xE816, 0xE817, 0xE818, 0xE81E, 0xE826} | {
    *(0xE82B, 0xE82C, 0xE831, 0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864)
}


def fe_row() -> dict[int, bytes]:
    """List the two-byte codes FE50 to FEA0 by GBK's private-use code points."""
    trails = [trail for trail in range(0x50, 0xA1) if trail != 0x7F]
    return {0xE815 + at: bytes([0xFE, trail]) for at, trail in enumerate(trails)}


def test_there_are_92_characters() -> None:
    """80 Han, 10 vertical marks, 2 Latin letters."""
    assert len(STANDARD_OF_PRIVATE_USE) == 92
    assert len(set(STANDARD_OF_PRIVATE_USE.values())) == 92


def test_the_codec_maps_every_han_row_or_still_has_it_private() -> None:
    """Row by row: the standard character, or the very private-use code point of the table."""
    for private, code in fe_row().items():
        expected = chr(private) if private in PRIVATE_IN_2000 else STANDARD_OF_PRIVATE_USE[private]
        assert code.decode("gb18030") == expected


def test_the_four_byte_codes_confirm_what_was_private_in_2000() -> None:
    """GB 18030-2022 swaps these codes with the two-byte ones; the codec knows their characters."""
    swapped = {
        0xE7C7: "8135F437",
        0xE81E: "82359037",
        0xE826: "82359038",
        0xE82B: "82359039",
        0xE82C: "82359130",
        0xE832: "82359131",
        0xE843: "82359132",
        0xE854: "82359133",
        0xE864: "82359134",
        0xE78D: "84318236",
        0xE78F: "84318237",
        0xE78E: "84318238",
        0xE790: "84318239",
        0xE791: "84318330",
        0xE792: "84318331",
        0xE793: "84318332",
        0xE794: "84318333",
        0xE795: "84318334",
        0xE796: "84318335",
        0xE816: "95329031",
        0xE817: "95329033",
        0xE818: "95329730",
        0xE831: "9536B937",
        0xE83B: "9630BA35",
        0xE855: "9635B630",
    }
    assert swapped.keys() == PRIVATE_IN_2000
    for private, code in swapped.items():
        assert bytes.fromhex(code).decode("gb18030") == STANDARD_OF_PRIVATE_USE[private]


def test_the_famous_one() -> None:
    """U+E863 is 䶮, GB 18030 FE9F."""
    assert STANDARD_OF_PRIVATE_USE[0xE863] == "䶮" == b"\xfe\x9f".decode("gb18030")


def test_the_table_leads_out_of_private_use() -> None:
    """From private use to anything but private use."""
    for private, standard in STANDARD_OF_PRIVATE_USE.items():
        assert unicodedata.category(chr(private)) == "Co"
        assert unicodedata.category(standard) != "Co"


def test_the_kinds_of_marks_do_not_overlap() -> None:
    """A dot is a separator, a full stop or a stand-in, never two of them."""
    assert SEPARATOR_FAMILY.isdisjoint(FULL_STOPS | STAND_INS)
    assert FULL_STOPS.isdisjoint(STAND_INS)
