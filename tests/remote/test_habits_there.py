"""What `--strict`, `--fail-empty`, `--confirm`, `view use` and the form of `edit` do on a server: the same."""

from tests.remote.twins import Twins


def test_what_is_so_already_and_what_is_not_there(twins: Twins):
    twins.same("close", 1)
    assert twins.same("close", 1, "--strict").code == 5
    assert twins.same("list", "--tag", "none-such", "--fail-empty", "--json").code == 3
    assert twins.same("delete", 1, "--confirm", "TIX-2").code == 2
    refused = twins.there("close", 1, "--strict", "--atomic", "--json")
    assert (refused.code, refused.error["code"]) == (5, "not-offered")


def test_a_view_stands_and_a_form_is_taken(twins: Twins):
    twins.same("view", "add", "hot", "-p", "high")
    twins.same("view", "use", "hot")
    assert (
        "view hot" in twins.same("list", "-o", "table", "--all").out + twins.same("list", "-o", "table").err
    )
    twins.same("view", "use", "none")
    for shell in (twins.here, twins.there):
        version = shell("show", 1, "--json").json["version"]
        form = twins.local.folder / "form"
        form.write_text(f"---\nversion: {version}\npriority: low\n---\n")
        assert shell("edit", 1, "-F", form, "--json").json["priority"] == "low"


def test_a_file_comes_from_a_pipe(twins: Twins):
    how = ("--attach", "-", "--name", "x.log")
    twins.same("note", 1, "-m", "See the file.", *how, "--json", stdin="one\n")
    twins.same("note", 1, *how, stdin="one\n")
    for shell in (twins.here, twins.there):
        assert "x.log" in shell("new", "Log", "-m", "See the file.", *how, "--json", stdin="one\n").out


def test_links_are_those_of_the_person(twins: Twins):
    """A server says nothing of its page."""
    env = {"TIX_FORCE_TTY": "80"}
    twins.same("list", "--hyperlinks", "always", env=env)
    for shell in (twins.here, twins.there):
        shell("config", "set", "url_template", "https://desk.example/{number}")
        assert "\x1b]8;;https://desk.example/1\x1b" in shell("list", "--hyperlinks", "always", env=env).out
