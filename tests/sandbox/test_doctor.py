"""The doctor names, for each kind of machine, the one command that would give more."""

import re
from pathlib import Path

import pytest

from autograder.sandbox import doctor
from autograder.sandbox.doctor import CLONE, MOST, RESTRICTED, Machine

ROOT = Path(__file__).resolve().parents[2]
REFUSED = {"namespaces": "bwrap: setting up uid map: Permission denied", "landlock": ""}


@pytest.mark.parametrize(
    ("machine", "advice"),
    [
        (Machine("", {}, {"namespaces": "", "landlock": ""}, True), ""),
        (Machine("", {}, {"namespaces": "bubblewrap is not installed", "landlock": ""}, False), "install bubblewrap"),
        (Machine("", {}, {"namespaces": "libseccomp is not installed", "landlock": "the same"}, True), "libseccomp2"),
        (Machine("", {RESTRICTED: "1"}, REFUSED, True), "apparmor_parser -r /etc/apparmor.d/bwrap"),
        (Machine("", {RESTRICTED: "0", CLONE: "0"}, REFUSED, True), f"sudo sysctl -w {CLONE}=1"),
        (Machine("docker", {MOST: "0"}, REFUSED, True), "sudo sysctl -w user.max_user_namespaces=15000"),
        (Machine("docker", {RESTRICTED: "1"}, REFUSED, True), "--security-opt systempaths=unconfined"),
        (Machine("podman", {}, REFUSED, True), "--security-opt unmask=ALL"),
        (Machine("kubernetes", {}, REFUSED, True), "procMount: Unmasked"),
        (Machine("", {}, REFUSED, True), ""),
    ],
    ids=["all", "no bwrap", "no libseccomp", "Ubuntu", "Debian 10", "no more", "Docker", "Podman", "Kubernetes", "?"],
)
def test_each_kind_of_machine_is_told_one_command(machine, advice):
    said = doctor.more(machine)
    assert advice in said
    assert bool(advice) == bool(said)
    assert "\n" not in said


def test_the_profile_that_is_named_is_there_and_for_the_bubblewrap_that_is_named():
    profile = (ROOT / doctor.PROFILE).read_text()
    assert re.search(r"^profile bwrap /usr/bin/bwrap flags=\(unconfined\) \{\n  userns,$", profile, re.M)


def test_this_machine_is_looked_at_layer_by_layer():
    machine = doctor.here()
    assert set(machine.lacks) == {"namespaces", "landlock"}
    found = {layer: there for layer, _, there in doctor.layers(machine)}
    assert (not machine.lacks["landlock"]) == found["Landlock"].startswith("ABI ")
    assert machine.has_bwrap == found["bubblewrap"].startswith("bubblewrap ")
