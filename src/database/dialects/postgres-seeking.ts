import pg from "pg";
import { UnusableDatabase } from "../failures.ts";
import { hostsOf, type PostgresHosts, type SessionTarget, withoutPassword } from "./postgres-url.ts";

// node-postgres connects to one host. Where the URL names several, each new connection first asks them which one is the
// writer, so that a fail-over is followed.

/** A host that doesn't answer must not hold up the others for long. */
export const askTimeoutMs = 2_000;

/** What a connection needs to find its host. The one that was found last is asked first. */
interface Hosts extends PostgresHosts {
  last: string | undefined;
}

/** Options of a connection, with the hosts to choose from. */
export interface SeekingConfig extends pg.ClientConfig {
  readonly hosts?: Hosts;
}

/** Where a URL leads. A connection that only reads takes any host, where the URL says so; the others need the writer. */
export function placeOf(url: string, isReadingAll: boolean): Pick<SeekingConfig, "connectionString" | "hosts"> {
  const hosts = hostsOf(url);
  if (hosts === undefined) return { connectionString: url };
  const target = hosts.target === "any" && !isReadingAll ? "read-write" : hosts.target;
  return { connectionString: hosts.urls[0] ?? url, hosts: { ...hosts, target, last: undefined } };
}

/** The same options with the host that will do now. Throws `UnusableDatabase`, with each host's reason, if none does. */
export async function atHost({ hosts, ...options }: SeekingConfig): Promise<pg.ClientConfig> {
  if (hosts === undefined) return options;
  const { last } = hosts;
  const inOrder = last === undefined ? hosts.urls : [last, ...hosts.urls.filter((url) => url !== last)];
  const faults: string[] = [];
  for (const url of inOrder) {
    const at = { ...options, connectionString: url };
    const fault = await findFault(at, hosts.target);
    if (fault === undefined) {
      hosts.last = url;
      return at;
    }
    faults.push(`${withoutPassword(url)}: ${fault}`);
  }
  throw new UnusableDatabase(`no host of the URL given with --database can be written to (${faults.join("; ")})`, {
    mayPass: true,
  });
}

/** Why a host won't do; undefined if it does. */
async function findFault(options: pg.ClientConfig, target: SessionTarget): Promise<string | undefined> {
  const client = new pg.Client({ ...options, connectionTimeoutMillis: askTimeoutMs, query_timeout: askTimeoutMs });
  client.on("error", () => {});
  try {
    await client.connect();
    if (target === "any") return undefined;
    const { rows } = await client.query<{ isStandby: boolean; isReadOnly: boolean }>(
      `select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly"`,
    );
    if (rows[0]?.isStandby === true) return "a standby";
    return target === "read-write" && rows[0]?.isReadOnly === true ? "read-only" : undefined;
  } catch (error) {
    return error instanceof Error && error.message !== "" ? error.message : String(error);
  } finally {
    client.end().catch(() => {});
  }
}

type Connected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/** A connection that finds its host as it connects. */
export class SeekingClient extends pg.Client {
  readonly #config: SeekingConfig;
  /** Where it has connected to. */
  protected place: pg.ClientConfig;

  constructor(config: SeekingConfig = {}) {
    const { hosts: _, ...options } = config;
    super(options);
    this.#config = config;
    this.place = options;
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.Client> | void {
    const connected = this.#connectAtHost();
    if (callback === undefined) return connected;
    // The two kinds of callback are told apart by the error alone.
    const tell = callback as (error: Error | null, client?: pg.Client) => void;
    connected.then(
      (client) => tell(null, client),
      (error: unknown) => tell(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #connectAtHost(): Promise<pg.Client> {
    if (this.#config.hosts !== undefined) {
      this.place = await atHost(this.#config);
      // What node-postgres makes of a URL; `host` and `port` alone of it are read when it connects.
      const { host, port } = new pg.Client(this.place);
      Object.assign(this, { host, port });
    }
    return super.connect();
  }
}
