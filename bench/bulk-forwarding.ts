import { reportRequest } from "./bulk.ts";
import { BenchDestination } from "./forward.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import { type BenchReceiver, startBenchReceiver } from "./support/forwarding/bench-receiver.ts";
import { load } from "./support/load.ts";
import { startServer } from "./support/started.ts";

const roundMs = 2_000;
const rounds = 5;
const stored = 10_000;
const eventsPerRequest = 1_000;
const connections = 2;
const transports = ["file", "tcp", "webhook"] as const;

/** Events recorded over HTTP, as `bulk` records them, while three destinations get them, against the same without any. */
export async function run(): Promise<Measurement> {
  using log = await filledLog(stored);
  using otherLog = await filledLog(stored);
  await using stopping = new AsyncDisposableStack();
  const receivers = new Map<(typeof transports)[number], BenchReceiver>();
  for (const transport of transports) receivers.set(transport, stopping.use(await startBenchReceiver(transport)));
  // The servers stop before those that they send to.
  const server = await startServer(log.folder);
  stopping.defer(() => server.stop());
  const other = await startServer(otherLog.folder);
  stopping.defer(() => other.stop());
  const destinations: BenchDestination[] = [];
  for (const [transport, { settings }] of receivers) {
    const destination = new BenchDestination(server, log, transport);
    await destination.create(settings);
    destinations.push(destination);
  }
  const record = async (port: number, request: string): Promise<number> =>
    (await load(port, () => request, roundMs, connections)).requestsPerSecond * eventsPerRequest;
  const [request, otherRequest] = [reportRequest(log.credentials), reportRequest(otherLog.credentials)];
  const ours = async (): Promise<number> => {
    const rate = await record(server.port, request);
    // What is left would slow the other one down.
    for (const destination of destinations) await destination.untilDelivered();
    return rate;
  };
  const reference = (): Promise<number> => record(other.port, otherRequest);
  await ours();
  await reference();
  return await inTurn(rounds, "events/s", ours, reference);
}
