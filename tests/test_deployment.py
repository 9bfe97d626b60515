"""What deploy/ says can be deployed: its files, settings and commands exist, and nothing runs as root."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from bridge.cli.words import speak
from tests.test_documentation import ROOT, found

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "bridge.service"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
CONTENT = {path: path.read_text("utf-8") for path in FILES}


class Unit(configparser.ConfigParser):
    """A unit file: keys repeat, their case counts, and % is systemd's own."""

    def __init__(self) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",))
        self.read(UNIT, "utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def compose() -> Any:
    """The compose file as Compose reads it: aliases and merges undone."""
    import yaml  # noqa: PLC0415  # the bridge's own reader takes no aliases

    return yaml.safe_load(CONTENT[DEPLOY / "compose.yaml"])


def check_command(words: list[str]) -> None:
    """A ``bridge`` command line exists with every option it names, and takes their values."""
    command, rest = found(words)
    with click.Context(command) as context:
        command.make_parser(context).parse_args(list(rest))
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def test_the_unit_runs_a_command_that_exists_without_a_right_too_many() -> None:
    speak("en")
    service = Unit()["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/bridge/bin/bridge"
    check_command(words)
    wanted = {"DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes",
              "CapabilityBoundingSet": "", "ProtectHome": "yes", "PrivateTmp": "yes",
              "StateDirectory": "bridge", "Restart": "always"}  # fmt: skip
    assert {name: service[name] for name in wanted} == wanted
    assert service["EnvironmentFile"] == "/etc/bridge/bridge.env"
    patience = next(
        parameter for parameter in found(words)[0].params if parameter.name == "patience"
    )
    assert int(service["TimeoutStopSec"]) > float(str(patience.default))


def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    unit = tmp_path / UNIT.name
    # The program is not installed on this machine, which systemd would complain about.
    unit.write_text(CONTENT[UNIT].replace("/opt/bridge/bin/bridge", "/bin/true"), "utf-8")
    done = subprocess.run(  # a fixed command
        ["systemd-analyze", "verify", "--man=no", str(unit)],  # wherever it lies
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_compose_names_files_secrets_and_commands_that_exist() -> None:
    speak("en")
    content = compose()
    assert (DEPLOY / content["services"]["web"]["build"]["dockerfile"]).name == "Containerfile"
    described = CONTENT[DEPLOY / "secrets" / "README.md"]
    for name, secret in content["secrets"].items():
        assert secret["file"] == f"secrets/{name}"
        assert f"`{name}`" in described
    for name, service in content["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["tmpfs"], name
        assert set(service["secrets"]) <= content["secrets"].keys()
        for variable, value in service["environment"].items():
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], variable
    for name in ("web", "worker"):
        check_command(content["services"][name]["command"])
        assert content["services"][name]["depends_on"]["database"] == {"condition": "service_healthy"}  # fmt: skip
    assert all(
        port.startswith("127.0.0.1:")
        for service in content["services"].values()
        for port in service.get("ports", ())
    )


def test_the_container_takes_files_that_exist_and_runs_as_nobody_special() -> None:
    lines = CONTENT[DEPLOY / "Containerfile"].splitlines()
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
    *_, user = [line for line in lines if line.startswith("USER ")]
    assert user.removeprefix("USER ").partition(":")[0] not in ("0", "root")
    assert len([line for line in lines if line.startswith("FROM ")]) == 2
    check_command(json.loads(lines[-1].removeprefix("CMD ")))


def test_the_cron_line_looks_around_once() -> None:
    speak("en")
    (line,) = [
        line for line in CONTENT[DEPLOY / "cron" / "bridge"].splitlines() if "bin/bridge" in line
    ]
    minute, *_, user, command = line.split(maxsplit=6)
    assert (minute, user) == ("*/5", "bridge")
    check_command(shlex.split(command.rpartition("bin/bridge")[2]))


def test_every_setting_that_is_named_is_read_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src/bridge").rglob("*.py"))
    named = {
        name for content in CONTENT.values() for name in re.findall(r"BRIDGE_[A-Z_]+[A-Z]", content)
    }
    for name in named - {"BRIDGE_WORKSPACE_FOLDER"}:  # Compose's own, for a folder of the host
        assert name in code or name.removesuffix("_FILE") in code, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_secret_lies_in_the_folder(path: Path) -> None:
    assert not re.search(r"(?i)(token|secret|password)\s*[=:]\s*(?!/)[\w+/-]{16,}", CONTENT[path])
    assert not re.search(r"://[^/\s:@]+:[^@/\s]+@", CONTENT[path])


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_let_out_webhooks_and_feeds_and_nothing_else(name: str) -> None:
    content = CONTENT[DEPLOY / "proxy" / name]
    code = re.sub(r"#.*", "", content)
    assert "/webhooks/jira" in code
    assert "/feeds/" in code
    assert not re.search(r"/metrics|/healthz|/readyz|/openapi", code)
    assert "404" in code
    assert code.count("{") == code.count("}")
