"""The custom resources in use, field by field, closed: a name that their operator does not know is refused here before it is ignored there.

Written after the published definitions of CloudNativePG 1.30, its Barman Cloud plugin 0.14, Gateway API 1.6 (standard channel),
KEDA 2.20, cert-manager 1.21 and the Prometheus Operator 0.93, for the fields that `deploy/k8s` uses; a new field is added here after a look at those.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Quantity = Annotated[str, Field(pattern=r"^\d+(m|Mi|Gi)?$")]
Duration = Annotated[str, Field(pattern=r"^\d+(h|m|s)$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", max_length=253)]
Hostname = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


class Closed(BaseModel):
    """No field but those named."""

    # Read from YAML, never built by name.
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)  # type: ignore[pydantic-alias]


class Ref(Closed):
    name: Name


class KeyRef(Closed):
    name: Name
    key: str


class Resources(Closed):
    requests: dict[str, Quantity]
    limits: dict[str, Quantity]


class Storage(Closed):
    size: Quantity


# CloudNativePG


class InitDb(Closed):
    database: str
    owner: str
    secret: Ref


class RecoveryTarget(Closed):
    target_time: Annotated[str, Field(pattern=r"(Z|[+-]\d\d:?\d\d)$")]


class Recovery(Closed):
    source: str
    database: str
    owner: str
    secret: Ref
    recovery_target: RecoveryTarget | None = None


class Bootstrap(Closed):
    """One way of the two."""

    initdb: InitDb | None = None
    recovery: Recovery | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.initdb is None) == (self.recovery is None):
            raise ValueError("a cluster begins empty or from a backup")
        return self


class Role(Closed):
    name: str
    ensure: Literal["present", "absent"]
    login: bool
    password_secret: Ref


class Managed(Closed):
    roles: list[Role]


class Synchronous(Closed):
    method: Literal["any", "first"]
    number: int
    data_durability: Literal["required", "preferred"]


class Postgresql(Closed):
    parameters: dict[str, str]
    pg_hba: list[str] = Field(alias="pg_hba")
    synchronous: Synchronous


class Plugin(Closed):
    name: str
    is_wal_archiver: bool = Field(alias="isWALArchiver")
    parameters: dict[str, str]


class OtherPlugin(Closed):
    name: str
    parameters: dict[str, str]


class ExternalCluster(Closed):
    name: str
    plugin: OtherPlugin


class Affinity(Closed):
    enable_pod_anti_affinity: bool
    pod_anti_affinity_type: Literal["preferred", "required"]
    topology_key: str


class InheritedMetadata(Closed):
    labels: dict[str, str]


class Cluster(Closed):
    instances: Annotated[int, Field(ge=1)]
    image_name: str
    inherited_metadata: InheritedMetadata
    bootstrap: Bootstrap
    managed: Managed
    postgresql: Postgresql
    plugins: list[Plugin]
    external_clusters: list[ExternalCluster] = []
    storage: Storage
    wal_storage: Storage
    affinity: Affinity
    resources: Resources


class Database(Closed):
    cluster: Ref
    name: str
    owner: str
    database_reclaim_policy: Literal["delete", "retain"]


class PluginConfiguration(Closed):
    name: str


class ScheduledBackup(Closed):
    schedule: Annotated[str, Field(pattern=r"^(\S+ ){5}\S+$")]
    """Six fields, seconds first."""
    immediate: bool
    backup_owner_reference: Literal["none", "self", "cluster"]
    method: Literal["barmanObjectStore", "volumeSnapshot", "plugin"]
    cluster: Ref
    plugin_configuration: PluginConfiguration


class Backup(Closed):
    cluster: Ref
    method: Literal["barmanObjectStore", "volumeSnapshot", "plugin"]
    plugin_configuration: PluginConfiguration


class S3Credentials(Closed):
    access_key_id: KeyRef
    secret_access_key: KeyRef


class Wal(Closed):
    compression: Literal["bzip2", "gzip", "lz4", "snappy", "xz", "zstd"]
    max_parallel: Annotated[int, Field(ge=1)]


class Data(Closed):
    compression: Literal["bzip2", "gzip", "snappy"]


class ObjectStoreConfiguration(Closed):
    destination_path: Annotated[str, Field(pattern=r"^s3://")]
    endpoint_url: Annotated[str, Field(alias="endpointURL")]
    s3_credentials: Annotated[S3Credentials, Field(alias="s3Credentials")]
    wal: Wal
    data: Data


class Sidecar(Closed):
    resources: Resources


class ObjectStore(Closed):
    retention_policy: Annotated[str, Field(pattern=r"^[1-9][0-9]*[dwm]$")]
    configuration: ObjectStoreConfiguration
    instance_sidecar_configuration: Sidecar


# cert-manager


class IssuerRef(Closed):
    name: Name
    kind: Literal["Issuer", "ClusterIssuer"]
    group: Literal["cert-manager.io"]


class PrivateKey(Closed):
    algorithm: Literal["RSA", "ECDSA", "Ed25519"]
    size: int
    rotation_policy: Literal["Never", "Always"] | None = None


class Certificate(Closed):
    secret_name: Name
    issuer_ref: IssuerRef
    private_key: PrivateKey
    duration: Duration
    renew_before: Duration | None = None
    is_ca: Annotated[bool, Field(alias="isCA")] = False
    common_name: Annotated[str, Field(max_length=64)] | None = None
    dns_names: list[Hostname] = []
    usages: list[Literal["server auth", "client auth"]] = []


class Nothing(Closed):
    pass


class CaIssuer(Closed):
    secret_name: Name


class Issuer(Closed):
    self_signed: Nothing | None = None
    ca: CaIssuer | None = None


class ParentGateway(Closed):
    name: Name
    namespace: Name
    kind: Literal["Gateway"]


class GatewaySolver(Closed):
    parent_refs: list[ParentGateway]


class IngressSolver(Closed):
    ingress_class_name: Name


class Http01(Closed):
    """One way of the two."""

    gateway_http_route: Annotated[GatewaySolver | None, Field(alias="gatewayHTTPRoute")] = None
    ingress: IngressSolver | None = None


class Solver(Closed):
    http01: Http01


class Acme(Closed):
    server: str
    email: str
    private_key_secret_ref: Ref
    solvers: Annotated[list[Solver], Field(min_length=1)]


class ClusterIssuer(Closed):
    acme: Acme


# Gateway API


class Namespaces(Closed):
    from_: Annotated[Literal["All", "Selector", "Same"], Field(alias="from")]


class AllowedRoutes(Closed):
    namespaces: Namespaces


class ListenerTls(Closed):
    mode: Literal["Terminate", "Passthrough"]
    certificate_refs: list[Ref]


class Listener(Closed):
    name: Name
    port: PortNumber
    protocol: Literal["HTTP", "HTTPS", "TLS", "TCP", "UDP"]
    hostname: Hostname | None = None
    tls: ListenerTls | None = None
    allowed_routes: AllowedRoutes


class Gateway(Closed):
    gateway_class_name: Name
    listeners: list[Listener]


class GatewayClass(Closed):
    controller_name: Annotated[str, Field(pattern=r"^[^/]+/.+$")]


class ParentRef(Closed):
    name: Name
    section_name: Name


class PathMatch(Closed):
    type: Literal["Exact", "PathPrefix", "RegularExpression"]
    value: Annotated[str, Field(pattern=r"^/")]


class Match(Closed):
    path: PathMatch


class Redirect(Closed):
    scheme: Literal["http", "https"] | None = None
    status_code: Literal[301, 302, 303, 307, 308]


class Filter(Closed):
    type: Literal["RequestRedirect"]
    request_redirect: Redirect


class Backend(Closed):
    name: Name
    port: PortNumber


class Timeouts(Closed):
    request: Duration


class RouteRule(Closed):
    matches: list[Match] = []
    filters: list[Filter] = []
    backend_refs: list[Backend] = []
    timeouts: Timeouts | None = None


class HTTPRoute(Closed):
    parent_refs: list[ParentRef]
    hostnames: list[Hostname] = []
    rules: list[RouteRule]


# KEDA


class NatsJetstream(Closed):
    nats_server_monitoring_endpoint: Annotated[str, Field(pattern=r"^[^/]+:8222$")]
    account: str
    stream: str
    consumer: str
    lag_threshold: Annotated[str, Field(pattern=r"^\d+$")]


class NatsTrigger(Closed):
    type: Literal["nats-jetstream"]
    metadata: NatsJetstream


class Percentage(Closed):
    value: Annotated[str, Field(pattern=r"^\d+$")]


class CpuTrigger(Closed):
    type: Literal["cpu"]
    metric_type: Literal["Utilization", "AverageValue"]
    metadata: Percentage


class ScaledObject(Closed):
    scale_target_ref: Ref
    min_replica_count: Annotated[int, Field(ge=0)]
    max_replica_count: Annotated[int, Field(ge=1)]
    polling_interval: int
    cooldown_period: int
    triggers: list[Annotated[NatsTrigger | CpuTrigger, Field(discriminator="type")]]


# Prometheus Operator


class Relabeling(Closed):
    source_labels: list[Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]] = []
    target_label: str
    replacement: str | None = None


class PodMetricsEndpoint(Closed):
    port: Name
    path: str
    interval: Duration
    relabelings: list[Relabeling]


class MonitoredPods(Closed):
    match_labels: dict[str, str]


class PodMonitor(Closed):
    selector: MonitoredPods
    pod_metrics_endpoints: list[PodMetricsEndpoint]


class PrometheusRuleEntry(Closed):
    record: str | None = None
    alert: str | None = None
    expr: str
    for_: Annotated[Duration | None, Field(alias="for")] = None
    labels: dict[str, str]
    annotations: dict[str, str] = {}


class PrometheusRuleGroup(Closed):
    name: str
    rules: list[PrometheusRuleEntry]


class PrometheusRule(Closed):
    groups: list[PrometheusRuleGroup]


KINDS: dict[tuple[str, str], type[Closed]] = {
    ("postgresql.cnpg.io/v1", "Cluster"): Cluster,
    ("postgresql.cnpg.io/v1", "Database"): Database,
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): ScheduledBackup,
    ("barmancloud.cnpg.io/v1", "ObjectStore"): ObjectStore,
    ("cert-manager.io/v1", "Certificate"): Certificate,
    ("cert-manager.io/v1", "Issuer"): Issuer,
    ("gateway.networking.k8s.io/v1", "Gateway"): Gateway,
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): HTTPRoute,
    ("keda.sh/v1alpha1", "ScaledObject"): ScaledObject,
    ("monitoring.coreos.com/v1", "PodMonitor"): PodMonitor,
    ("monitoring.coreos.com/v1", "PrometheusRule"): PrometheusRule,
}
"""What the overlays hold."""
BY_HAND: dict[tuple[str, str], type[Closed]] = {
    ("postgresql.cnpg.io/v1", "Backup"): Backup,
    ("cert-manager.io/v1", "ClusterIssuer"): ClusterIssuer,
    ("gateway.networking.k8s.io/v1", "GatewayClass"): GatewayClass,
}
"""What the page has an engineer apply once."""
