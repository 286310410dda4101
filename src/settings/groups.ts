import { settingTitles, type SettingUnit, settingUnits } from "./titles.ts";

/** What belongs together on a page of settings, by the group's title. */
export type SettingGroup = Readonly<Record<string, string>>;

/**
 * Every setting with a sentence that says what it is for, by group. Nothing here acts on MAAS's own, so theirs say what
 * they mean to MAAS and its clients.
 */
export const settingGroups: Readonly<Record<string, SettingGroup>> = {
  Sessions: {
    ironlog_session_idle_seconds: "A session that nobody uses for so long ends.",
    ironlog_session_lifetime_seconds: "However much it is used, a session ends so long after its login.",
  },
  "Sign in": {
    ironlog_password_login:
      "Whether people log in with a password. Off, only break-glass accounts do; the others go through a provider.",
    ironlog_default_source:
      "The mirrored MAAS whose API keys count here, where the address names none. Empty for none.",
    ironlog_oidc_session_seconds:
      "A session that was opened through a provider ends so long after its login. Then the provider is asked again.",
  },
  "Second factor": {
    ironlog_second_factor:
      "Who must have a second factor: off for nobody, administrators for administrators and auditors, all for everybody.",
    ironlog_second_factor_grace_days:
      "How long people have to set one up. After that they can do nothing else once they have logged in.",
  },
  "Audit log": {
    ironlog_publish_log_entries:
      "Whether anybody may read the log's leaves over HTTP. A leaf is made of hashes, and names nobody.",
    ironlog_record_reads:
      "Whether it is recorded that administrators and auditors read the log: when a session or an API key begins to, and each hour how often. Exports, and proofs and streams by API key, always are.",
    ironlog_verify_interval_hours: "How long it is from one verification of the whole log to the next. 0 for never.",
  },
  "SSH key import": {
    ironlog_github_url: "Which server is asked for the keys of a GitHub user, such as that of a GitHub Enterprise.",
    ironlog_launchpad_url: "Which server is asked for the keys of a Launchpad user.",
  },
  "Name and notices": {
    maas_name: "What this installation is called.",
    enable_analytics: "Whether the pages may report how they are used.",
    release_notifications: "Whether administrators are told of new releases.",
    completed_intro: "Whether the tour for the first start has been gone through.",
  },
  Proxy: {
    enable_http_proxy: "Whether machines reach the package archives through a proxy.",
    maas_proxy_port: "The port on which the built-in proxy listens.",
    http_proxy: "The proxy to use instead of the built-in one. User, password and tokens in its address aren't kept.",
    use_peer_proxy: "Whether the built-in proxy passes requests on to the one above.",
    prefer_v4_proxy: "Whether the proxy looks for IPv4 addresses first.",
    use_rack_proxy: "Whether machines go through the proxy of their rack controller.",
  },
  DNS: {
    default_dns_ttl: "How long answers are good for where a domain doesn't say.",
    upstream_dns: "IP addresses of the servers that are asked for foreign names, separated by blanks.",
    dnssec_validation: "Whether signatures of foreign answers are checked.",
    maas_internal_domain: "The domain in which controllers find one another.",
    dns_trusted_acl: "Addresses, networks and access lists that may ask for any name, separated by blanks.",
  },
  NTP: {
    ntp_servers: "Time servers by name or address, separated by blanks.",
    ntp_external_only: "Whether machines ask these servers themselves, and not the controllers.",
  },
  Syslog: {
    remote_syslog: "The host, and its port where that isn't 514, to which machines send their logs.",
    maas_syslog_port: "The port on which the built-in log server listens.",
  },
  "Network discovery": {
    network_discovery: "Whether neighbours are noticed by what they send of themselves.",
    active_discovery_interval: "How long it is from one scan of the networks to the next. 0 for none.",
    subnet_ip_exhaustion_threshold_count: "With fewer free addresses than this, a subnet is said to be running out.",
  },
  Images: {
    boot_images_auto_import: "Whether new images are fetched as they appear.",
    boot_images_no_proxy: "Whether images are fetched without the proxy.",
  },
  Commissioning: {
    commissioning_distro_series: "The Ubuntu release that machines run while they are commissioned.",
    default_min_hwe_kernel: "The oldest kernel that new machines may have. Empty for any.",
    enlist_commissioning: "Whether a machine that has just been found is commissioned at once.",
  },
  Deployment: {
    default_osystem: "The operating system that is deployed where nobody chooses one.",
    default_distro_series: "The release of it that is deployed where nobody chooses one.",
    kernel_opts:
      "Parameters that the kernel of every machine is started with. Values of names such as password aren't kept.",
    enable_third_party_drivers: "Whether drivers from outside Ubuntu may be installed.",
    curtin_verbose: "Whether the installer logs every step.",
    force_v1_network_yaml: "Whether network configuration is written in its older form.",
    node_timeout: "After so long without news, a machine has failed to start.",
    windows_kms_host: "The host that activates Windows.",
  },
  Archives: {
    main_archive: "Where packages for amd64 and i386 come from. User, password and tokens in its address aren't kept.",
    ports_archive:
      "Where packages for other architectures come from. User, password and tokens in its address aren't kept.",
  },
  Storage: {
    default_storage_layout: "How disks are divided where nobody chooses a layout.",
    enable_disk_erasing_on_release: "Whether the disks of every released machine are erased.",
    disk_erase_with_secure_erase: "Whether disks that can erase themselves are told to.",
    disk_erase_with_quick_erase: "Whether only the beginning and the end of disks are overwritten.",
  },
  "Results kept": {
    max_node_commissioning_results: "How many results of each commissioning script are kept for a machine.",
    max_node_testing_results: "How many results of each testing script are kept for a machine.",
    max_node_installation_results: "How many results of the installation are kept for a machine.",
  },
  Prometheus: {
    prometheus_enabled: "Whether controllers offer metrics.",
    prometheus_push_gateway: "Where metrics are pushed to. User, password and tokens in its address aren't kept.",
    prometheus_push_interval: "How long it is from one push to the next.",
  },
  IPMI: {
    maas_auto_ipmi_user: "The user that is made on management boards.",
    maas_auto_ipmi_user_privilege_level: "What that user may do.",
    maas_auto_ipmi_k_g_bmc_key:
      "The key that management boards are reached with. It isn't kept, only whether it is set.",
  },
  VMware: {
    vcenter_server: "The vCenter that machines join.",
    vcenter_username: "The name to log in there with.",
    vcenter_password: "The password to that name. It isn't kept, only whether it is set.",
    vcenter_datacenter: "The data centre that machines join.",
  },
};

/** What is said of a setting. */
export interface DescribedSetting {
  readonly title: string;
  readonly group: string;
  readonly help: string;
  /** Null where it is no time. */
  readonly unit: SettingUnit | null;
}

/** What a setting is called, which group it is in, and what it is for. Every setting is in one. */
export function describeSetting(name: string): DescribedSetting {
  for (const [group, settings] of Object.entries(settingGroups)) {
    const [help, title] = [settings[name], settingTitles[name]];
    if (help !== undefined && title !== undefined) return { title, group, help, unit: settingUnits[name] ?? null };
  }
  throw new Error(`the setting ${name} is in no group`);
}
