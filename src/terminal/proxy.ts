import { CommandFailure, exitStatus } from "./exit.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names for a server. */
export interface Proxy {
  readonly url: string;
  /** The variable that names it. */
  readonly name: string;
  /** The address as people may see it, without user and password. */
  readonly shown: string;
}

/**
 * The proxy for a server's URL; undefined where none is named, or `no_proxy` names the host. Fails in one line for what is no
 * HTTP proxy: the request must not go out past it.
 */
export function findProxy(url: string, environment: Environment): Proxy | undefined {
  const { protocol } = new URL(url);
  const names = protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const name = names.find((candidate) => (environment[candidate] ?? "").trim() !== "");
  if (name === undefined || isExcepted(url, environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")) return undefined;
  const text = (environment[name] ?? "").trim();
  // curl's form, which many set: a host and a port alone.
  const address = text.includes("://") ? text : `http://${text}`;
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (parsed === undefined || !["http:", "https:"].includes(parsed.protocol) || parsed.hostname === "") {
    const scheme = parsed === undefined ? "" : ` ${parsed.protocol.slice(0, -1)} is not supported:`;
    throw new CommandFailure(
      exitStatus.gaveUp,
      `The proxy that ${name} names can't be used:${scheme} give one such as http://proxy.example:3128, or name the server in no_proxy.`,
    );
  }
  return { url: address, name, shown: parsed.origin };
}

/** Whether `no_proxy` names the host: names, also of a whole domain, addresses, networks, each perhaps with a port. */
function isExcepted(url: string, list: string): boolean {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$/g, "").toLowerCase();
  const own = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matches(entry, host, own));
}

function matches(entry: string, host: string, port: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  const [, bracketed, plain, wantedPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const name = bracketed ?? plain ?? entry;
  const [address = "", prefix] = name.split("/");
  const family = (text: string): "ipv4" | "ipv6" => (isIP(text) === 6 ? "ipv6" : "ipv4");
  if (isIP(address) !== 0) {
    const bits = Number(prefix ?? (family(address) === "ipv6" ? 128 : 32));
    if (isIP(host) === 0 || !(bits <= (family(address) === "ipv6" ? 128 : 32))) return false;
    const network = new BlockList();
    network.addSubnet(address, bits, family(address));
    return network.check(host, family(host));
  }
  const domain = name.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}
