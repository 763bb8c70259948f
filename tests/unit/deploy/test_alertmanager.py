"""Who is told of an alert on one server: what configure.py writes, whom Prometheus tells, and by whom the mails go out."""

import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic_core import Url

from deploy.alertmanager.configure import TEMPLATE, configuration, main
from services.notifications.settings import NotificationSettings
from tests.fixtures.composition import composition, defaults
from tests.unit.deploy.observability import DEPLOY, alerts, amtool

FILE = composition()
AMTOOL = amtool()
needs_amtool = pytest.mark.skipif(AMTOOL is None, reason="no amtool: scripts/find-debian-tool fetches one (make test)")
AWKWARD = """p#a"s's: {$x} \\ %"""
URLS = {
    "smtp://mail-catcher:1025": ("mail-catcher:1025", False, None),
    "smtp://mail.example:587?starttls=required": ("mail.example:587", True, None),
    "smtp://u%40x:p%23a%22s's%3A%20%7B%24x%7D%20%5C%20%25@mail.example:587": ("mail.example:587", True, AWKWARD),
    "smtp://u:p@mail.example:25?starttls=never": ("mail.example:25", False, "p"),
    "smtps://u:p@mail.example": ("mail.example:465", True, "p"),
}


def _written(url: str, told: str | None = "duty@rencontres.example") -> str:
    return configuration(NotificationSettings(smtp_url=Url(url), public_url="https://rencontres.example"), told=told)


@pytest.mark.parametrize("url", URLS)
def test_mails_go_out_by_the_senders_server_with_its_password_untouched(url: str) -> None:
    server = yaml.safe_load(_written(url))["global"]
    assert (server["smtp_smarthost"], server["smtp_require_tls"], server.get("smtp_auth_password")) == URLS[url]
    assert server["smtp_from"] == "rencontres@rencontres.example"
    assert "smtp_force_implicit_tls" not in server, "releases before 0.31 refuse what they do not know"


def test_tls_from_the_start_on_another_port_is_said() -> None:
    assert yaml.safe_load(_written("smtps://u:p@mail.example:4465"))["global"]["smtp_force_implicit_tls"] is True


@needs_amtool
@pytest.mark.parametrize("url", URLS)
def test_alertmanager_accepts_it(url: str, tmp_path: Path) -> None:
    file = tmp_path / "alertmanager.yaml"
    file.write_text(_written(url))
    done = subprocess.run([str(AMTOOL), "check-config", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 templates" in done.stdout


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"ALERT_MAIL_TO": "duty@x.example", "RENCONTRES_CONTACT": "contact@x.example"}, "duty@x.example"),
        ({"ALERT_MAIL_TO": "", "RENCONTRES_CONTACT": "contact@x.example"}, "contact@x.example"),
        ({"RENCONTRES_MAIL_FROM": "Site <site@x.example>"}, "site@x.example"),
    ],
)
def test_somebody_is_told_whatever_is_set(
    variables: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALERT_MAIL_TO", "RENCONTRES_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "alertmanager.yaml"
    monkeypatch.setattr("sys.argv", ["configure.py", str(file)])
    main()
    (receiver,) = yaml.safe_load(file.read_text())["receivers"]
    assert receiver["email_configs"][0]["to"] == told


def test_it_speaks_of_alerts_that_exist() -> None:
    written = yaml.safe_load(_written("smtp://mail-catcher:1025"))
    matchers = [one for route in written["route"]["routes"] for one in route["matchers"]]
    assert matchers == ['severity="page"']
    named = {
        one.removeprefix('alertname="').removesuffix('"')
        for rule in written["inhibit_rules"]
        for one in (*rule["source_matchers"], *rule["target_matchers"])
    }
    assert named <= {alert.name for alert in alerts()}


def test_prometheus_tells_it_and_it_reaches_the_mail_server() -> None:
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    (target,) = prometheus["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    name, _, port = target.partition(":")
    service = FILE.services[name]
    assert [defaults(one).rpartition(":")[2] for one in service.ports] == [port]
    assert set(service.networks) & set(FILE.services["prometheus"].networks)
    assert set(service.networks) & set(FILE.services["mail-catcher"].networks)
    assert service.profiles == FILE.services["prometheus"].profiles


def test_the_address_of_the_runbooks_is_the_operators() -> None:
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    label = prometheus["global"]["external_labels"]["runbooks"]
    assert label.removeprefix("${").removesuffix("}") in FILE.services["prometheus"].environment


def test_it_is_written_where_it_is_read_and_anew_when_a_variable_changes() -> None:
    writer, reader = FILE.services["alertmanager-configuration"], FILE.services["alertmanager"]
    assert f"--config.file={writer.command[0]}" in reader.command
    volume, _, folder = writer.volumes[0].partition(":")
    assert f"{volume}:{folder}:ro" in reader.volumes
    assert writer.command[0].startswith(f"{folder}/")
    assert f"./alertmanager:{Path(writer.entrypoint[1]).parent}:ro" in {*writer.volumes} & {*reader.volumes}
    assert (TEMPLATE.parent / Path(writer.entrypoint[1]).name).exists()
    assert reader.environment == writer.environment
    assert reader.depends_on["alertmanager-configuration"].condition == "service_completed_successfully"
