import { parseFlag } from "../http/request/flag.ts";
import os from "node:os";
import { archiveUrl, serviceUrl, gateway, hostWithPort, proxyUrl, syslogHost } from "./address.ts";
import {
  accessList,
  addressList,
  choice,
  domainName,
  hostList,
  integer,
  line,
  loginName,
  numberChoice,
  port,
  type SettingParser,
  type SettingValue,
  text,
  withoutSecret,
} from "./value.ts";

/** One setting: what it is before anybody sets it, and how what is typed for it is read. */
export interface SettingDefinition {
  readonly initial: SettingValue;
  readonly parse: SettingParser;
  /** All that it can be, where that is a few values. */
  readonly choices?: readonly (string | number)[];
  /** Its value is kept nowhere, since nothing here needs it: what is stored tells only that there is one. */
  readonly isSecret?: boolean;
}

/** What is asked for: which control a page needs. */
export type SettingKind = "boolean" | "number" | "choice" | "text";

/** The kind of what a setting holds. */
export function settingKind({ initial, choices }: SettingDefinition): SettingKind {
  if (choices !== undefined) return "choice";
  return typeof initial === "boolean" || typeof initial === "number"
    ? (typeof initial as "boolean" | "number")
    : "text";
}

function oneOf(initial: string, ...choices: readonly string[]): SettingDefinition {
  return { initial, parse: choice(...choices), choices };
}

const on = { initial: true, parse: parseFlag };
const off = { initial: false, parse: parseFlag };
const empty = { initial: "", parse: text({ empty: "" }) };
const secret = { initial: "", parse: withoutSecret(line({ empty: "" })), isSecret: true };
/** Seconds. */
const discoveryIntervals = [0, 604_800, 86_400, 43_200, 21_600, 10_800, 3_600, 1_800, 600];
const series = text({ isRequired: true, lengthMax: 64 });

/** The settings of MAAS 2.9 in its order (docs/contract.md, 5.8), then Ironlog's own. */
export const settingDefinitions: Readonly<Record<string, SettingDefinition>> = {
  maas_name: { initial: os.hostname(), parse: text({ isRequired: true }) },
  // Null until it is set; what is set to nothing stays the empty text, as in MAAS.
  kernel_opts: { initial: null, parse: text({ empty: "" }) },
  enable_http_proxy: on,
  maas_proxy_port: { initial: 8000, parse: port() },
  use_peer_proxy: off,
  prefer_v4_proxy: off,
  http_proxy: { initial: null, parse: proxyUrl },
  default_dns_ttl: { initial: 30, parse: integer(0) },
  upstream_dns: { initial: null, parse: addressList },
  dnssec_validation: oneOf("auto", "auto", "yes", "no"),
  maas_internal_domain: { initial: "maas-internal", parse: domainName },
  dns_trusted_acl: { initial: null, parse: accessList },
  ntp_servers: { initial: "ntp.ubuntu.com", parse: hostList },
  ntp_external_only: off,
  remote_syslog: { initial: null, parse: syslogHost },
  maas_syslog_port: { initial: 5247, parse: port(5247) },
  network_discovery: oneOf("enabled", "enabled", "disabled"),
  active_discovery_interval: {
    initial: 10_800,
    parse: numberChoice(...discoveryIntervals),
    choices: discoveryIntervals,
  },
  default_osystem: { initial: "ubuntu", parse: series },
  default_distro_series: { initial: "focal", parse: series },
  default_min_hwe_kernel: empty,
  default_storage_layout: oneOf("flat", "bcache", "blank", "flat", "lvm", "vmfs6"),
  commissioning_distro_series: { initial: "focal", parse: series },
  enable_third_party_drivers: on,
  windows_kms_host: { initial: null, parse: hostWithPort(null) },
  enable_disk_erasing_on_release: off,
  disk_erase_with_secure_erase: on,
  disk_erase_with_quick_erase: off,
  boot_images_auto_import: on,
  boot_images_no_proxy: off,
  curtin_verbose: on,
  force_v1_network_yaml: off,
  enable_analytics: on,
  completed_intro: off,
  max_node_commissioning_results: { initial: 10, parse: integer(1) },
  max_node_testing_results: { initial: 10, parse: integer(1) },
  max_node_installation_results: { initial: 3, parse: integer(1) },
  subnet_ip_exhaustion_threshold_count: { initial: 16, parse: integer(1) },
  release_notifications: on,
  use_rack_proxy: on,
  node_timeout: { initial: 30, parse: integer(1) },
  prometheus_enabled: off,
  prometheus_push_gateway: { initial: null, parse: gateway },
  prometheus_push_interval: { initial: 60, parse: integer(1) },
  enlist_commissioning: on,
  maas_auto_ipmi_user: { initial: "maas", parse: text({ lengthMax: 20, empty: "" }) },
  maas_auto_ipmi_user_privilege_level: oneOf("ADMIN", "USER", "OPERATOR", "ADMIN"),
  maas_auto_ipmi_k_g_bmc_key: {
    initial: "",
    parse: withoutSecret(line({ lengthMax: 20, empty: "" })),
    isSecret: true,
  },
  vcenter_server: { initial: "", parse: hostWithPort("") },
  vcenter_username: { initial: "", parse: loginName },
  vcenter_password: secret,
  vcenter_datacenter: empty,
  // MAAS keeps these two with its package repositories, and takes them here all the same.
  main_archive: { initial: "http://archive.ubuntu.com/ubuntu", parse: archiveUrl },
  ports_archive: { initial: "http://ports.ubuntu.com/ubuntu-ports", parse: archiveUrl },
  ironlog_github_url: { initial: "https://api.github.com", parse: serviceUrl },
  ironlog_launchpad_url: { initial: "https://launchpad.net", parse: serviceUrl },
  ironlog_publish_log_entries: { initial: false, parse: parseFlag },
  ironlog_default_source: { initial: "", parse: text({ lengthMax: 40, empty: "" }) },
  ironlog_password_login: oneOf("on", "on", "off"),
  ironlog_record_reads: off,
  ironlog_second_factor: oneOf("off", "off", "administrators", "all"),
  ironlog_second_factor_grace_days: { initial: 14, parse: integer(0, 365) },
  ironlog_session_idle_seconds: { initial: 43_200, parse: integer(60, 31_536_000) },
  ironlog_session_lifetime_seconds: { initial: 1_209_600, parse: integer(60, 31_536_000) },
  ironlog_oidc_session_seconds: { initial: 43_200, parse: integer(60, 31_536_000) },
  ironlog_verify_interval_hours: { initial: 24, parse: integer(0, 87_600) },
};

/** Whether it is one of Ironlog's own, which say who gets in and how the log is kept. MAAS's have no effect here. */
export function isOwnSetting(name: string): boolean {
  return name.startsWith("ironlog_");
}

/** Other names for the same setting. */
const aliases: Readonly<Record<string, string>> = { ntp_server: "ntp_servers" };

/** The setting's own name, and its definition; undefined if there is none of that name. */
export function findSetting(
  name: string,
): { readonly name: string; readonly definition: SettingDefinition } | undefined {
  const own = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
  const definition = Object.hasOwn(settingDefinitions, own) ? settingDefinitions[own] : undefined;
  return definition === undefined ? undefined : { name: own, definition };
}
