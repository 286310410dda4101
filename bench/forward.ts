import { setTimeout as sleep } from "node:timers/promises";
import { formatApiKey } from "../src/tokens/token.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog, type FilledLog } from "./support/filled-log.ts";
import { bareForwarding } from "./support/forwarding/bare-forwarding.ts";
import { startBenchReceiver } from "./support/forwarding/bench-receiver.ts";
import { type Started, startServer } from "./support/started.ts";

const events = 100_000;
const rounds = 3;

/** What a destination of each of them is, beside its address. */
const destinations = {
  file: { transport: "file", format: "json" },
  tcp: { transport: "syslog", format: "syslog" },
  tls: { transport: "syslog", format: "syslog" },
  udp: { transport: "syslog", format: "syslog" },
  webhook: { transport: "webhook", format: "json" },
  splunk: { transport: "splunk", format: "json", token: "the-token" },
  elasticsearch: { transport: "elasticsearch", format: "ecs", index: "ironlog" },
  loki: { transport: "loki", format: "json" },
  otlp: { transport: "otlp", format: "otlp-protobuf" },
} as const;

export type BenchTransport = keyof typeof destinations;

/**
 * 100,000 events from a server's log to a receiver in another process, against a bare loop that reads the same rows, renders the same
 * format and writes to the same receiver.
 */
export async function run(transport: BenchTransport): Promise<Measurement> {
  using log = await filledLog(events);
  await using receiver = await startBenchReceiver(transport);
  const server = await startServer(log.folder);
  try {
    const destination = new BenchDestination(server, log, transport);
    await destination.create(receiver.settings);
    const ours = async (): Promise<number> => {
      const start = performance.now();
      await destination.replay();
      return (events * 1000) / (performance.now() - start);
    };
    await ours();
    return await inTurn(rounds, "events/s", ours, () => bareForwarding(log.file, transport, receiver));
  } finally {
    await server.stop();
  }
}

/** A destination of a server under measurement. */
export class BenchDestination {
  readonly #server: Started;
  readonly #key: string;
  readonly #transport: BenchTransport;

  constructor(server: Started, { credentials }: FilledLog, transport: BenchTransport) {
    this.#server = server;
    this.#key = formatApiKey(credentials);
    this.#transport = transport;
  }

  /** From now on; returns when it delivers. */
  async create(settings: object): Promise<void> {
    await this.#ask("POST", "destinations", { name: this.#transport, ...destinations[this.#transport], ...settings });
    await this.untilDelivered();
  }

  /** Sends all that was recorded until now again. */
  async replay(): Promise<void> {
    await this.#ask("POST", `destinations/${this.#transport}/replay`, { start: "beginning" });
    await this.untilDelivered();
  }

  /** Waits until it has all that was recorded until now. */
  async untilDelivered(): Promise<void> {
    const { delivered_to, behind } = await this.#read();
    const last = delivered_to + behind;
    for (;;) {
      const { delivered_to: to, state, last_error: error } = await this.#read();
      if (error !== null) throw new Error(error);
      if (to >= last && state === "delivering") return;
      await sleep(20);
    }
  }

  async #read() {
    return (await this.#ask("GET", `destinations/${this.#transport}`)) as {
      readonly state: string;
      readonly delivered_to: number;
      readonly behind: number;
      readonly last_error: string | null;
    };
  }

  async #ask(method: string, below: string, body?: object): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${this.#server.port}/api/v1/${below}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${below}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
