"""A country whose regions have holidays of their own: which ones is said, not left to be found out."""

import pytest

from tests.harness import Shell


@pytest.mark.parametrize(("country", "region"), [("AU", "AU-VIC"), ("GB", "GB-SCT"), ("CH", "CH-ZH")])
def test_a_country_alone_names_its_regions(desk: Shell, country: str, region: str):
    desk.tix("init")
    said = desk.tix("calendar", "add", "c", "--hours", "mon-fri 9-17", "--country", country).err
    assert len([line for line in said.splitlines() if region in line]) == 1, said


def test_a_region_needs_no_advice(desk: Shell):
    desk.tix("init")
    assert (
        "--country"
        not in desk.tix("calendar", "add", "a", "--hours", "mon-fri 9-17", "--country", "AU-VIC").err
    )
    assert "AU-NSW" in desk.tix("calendar", "edit", "a", "--country", "AU").err
    assert "AU-NSW" not in desk.tix("calendar", "edit", "a", "--hours", "mon 9-17").err
