/** How Canonical's client makes commands of the names in `describe/`. */
export const commandNames = {
  handler: (name: string): string =>
    tokensOf(name)
      .map((token) => token.toLowerCase())
      .filter((token) => token !== "handler")
      .join("-"),
  action: (name: string): string => tokensOf(name).join("-"),
};

/** Capitals with what follows them in small letters and digits, or capitals alone; anything else separates. */
function tokensOf(name: string): readonly string[] {
  return name.match(/[A-Z]*[a-z0-9]+|[A-Z]+/g) ?? [];
}

/** A resource that clients expect to find; others may be there too. */
interface Expected {
  readonly command: string;
  /** Below the API's root. */
  readonly path: string;
  readonly params: readonly string[];
  /** Each with its method. */
  readonly actions: readonly string[];
}

function expected(command: string, path: string, actions: string): Expected {
  const methods: Readonly<Record<string, string>> = { create: "POST", read: "GET", update: "PUT", delete: "DELETE" };
  return {
    command,
    path,
    params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    actions: actions.split(", ").map((action) => (action.includes(" ") ? action : `${action} ${methods[action]}`)),
  };
}

/**
 * What both MAAS and Ironlog have: the table of MAAS's resources without DHCP snippets, package repositories, boot
 * sources and bcache, which are out of scope, and without what the page on compatibility lists as not here.
 */
export const inScope: readonly Expected[] = [
  expected(
    "account",
    "account/",
    "create-authorisation-token POST, delete-authorisation-token POST, list-authorisation-tokens GET, update-token-name POST",
  ),
  expected("events", "events/", "query GET"),
  expected("maas", "maas/", "get-config GET, set-config POST"),
  expected("users", "users/", "create, read, whoami GET"),
  expected("user", "users/{username}/", "read, delete"),
  expected("sshkeys", "account/prefs/sshkeys/", "create, read, import POST"),
  expected("sshkey", "account/prefs/sshkeys/{id}/", "read, delete"),
  expected("sslkeys", "account/prefs/sslkeys/", "create, read"),
  expected("sslkey", "account/prefs/sslkeys/{id}/", "read, delete"),
  expected("node-scripts", "scripts/", "create, read"),
  expected(
    "node-script",
    "scripts/{name}",
    "read, update, delete, download GET, revert POST, add-tag POST, remove-tag POST",
  ),
  expected("commissioning-scripts", "commissioning-scripts/", "create, read"),
  expected("commissioning-script", "commissioning-scripts/{name}", "read, update, delete"),
  expected("tags", "tags/", "create, read"),
  expected("tag", "tags/{name}/", "read, update, delete"),
  expected("zones", "zones/", "create, read"),
  expected("zone", "zones/{name}/", "read, update, delete"),
  expected("domains", "domains/", "create, read"),
  expected("domain", "domains/{id}/", "read, update, delete"),
  expected("resource-pools", "resourcepools/", "create, read"),
  expected("resource-pool", "resourcepool/{id}/", "read, update, delete"),
  expected("machines", "machines/", "create, read, allocate POST"),
  expected("machine", "machines/{system_id}/", "read, update, delete, deploy POST, release POST"),
  expected("nodes", "nodes/", "read"),
  expected("node", "nodes/{system_id}/", "read, delete"),
  expected("version", "version/", "read"),
];

/** The actions of which MAAS's documentation says that they take parameters, by handler and name. */
export const takeParameters: readonly string[] = [
  "AccountHandler create_authorisation_token",
  "AccountHandler delete_authorisation_token",
  "AccountHandler update_token_name",
  "EventsHandler query",
  "MaasHandler get_config",
  "MaasHandler set_config",
  "UsersHandler create",
  "UserHandler delete",
  "SSHKeysHandler create",
  "SSHKeysHandler import",
  "SSLKeysHandler create",
  "NodeScriptsHandler create",
  "NodeScriptsHandler read",
  "NodeScriptHandler read",
  "NodeScriptHandler update",
  "NodeScriptHandler download",
  "NodeScriptHandler revert",
  "NodeScriptHandler add_tag",
  "NodeScriptHandler remove_tag",
  "CommissioningScriptsHandler create",
  "CommissioningScriptHandler update",
  "TagsHandler create",
  "TagHandler update",
  "ZonesHandler create",
  "ZoneHandler update",
  "DomainsHandler create",
  "DomainHandler update",
  "ResourcePoolsHandler create",
  "ResourcePoolHandler update",
  "MachinesHandler create",
  "MachinesHandler read",
  "MachinesHandler allocate",
  "MachineHandler update",
  "NodesHandler read",
];
