import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What Prometheus is told: the process, the requests, the log's size. One for each server, nothing global. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: "ironlog_http_requests_total",
    help: "Requests answered, by API, method and status.",
    labelNames: ["api", "method", "status"],
    registers: [this.#registry],
  });
  readonly #durations = new Histogram({
    name: "ironlog_http_request_duration_seconds",
    help: "How long requests took, by API.",
    labelNames: ["api"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });

  /** `eventCount` is asked at each scrape. */
  constructor(eventCount: () => Promise<number>) {
    collectDefaultMetrics({ register: this.#registry });
    this.addGauge("ironlog_events", "Events in the log.", eventCount);
  }

  /** Adds a value that is asked for at each scrape; undefined where there is none yet. */
  addGauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        // What can't be read at the moment must not take the others with it.
        const value = await read().catch(() => undefined);
        if (value === undefined) gauge.reset();
        else gauge.set(value);
      },
    });
  }

  /** The same for values that are told apart by a label. */
  addGaugeOf(label: string, name: string, help: string, read: () => Promise<ReadonlyMap<string, number>>): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      async collect() {
        const values = await read().catch(() => new Map<string, number>());
        gauge.reset();
        for (const [value, number] of values) gauge.set({ [label]: value }, number);
      },
    });
  }

  observeRequest(api: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ api, method: knownMethod(method), status: String(status) });
    this.#durations.observe({ api }, seconds);
  }

  /** The text that Prometheus reads, and its type. */
  async render(): Promise<{ readonly text: string; readonly contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }
}

/** Anybody can invent a method; a time series for each would fill the memory. */
function knownMethod(method: string): string {
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].includes(method) ? method : "other";
}
