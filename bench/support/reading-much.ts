import { workerData } from "node:worker_threads";

/** What a thread asks a server for, over and over, each place as soon as it was answered. */
export interface MuchRead {
  readonly port: number;
  readonly key: string;
  readonly places: readonly string[];
}

const { port, key, places } = workerData as MuchRead;

async function goOn(place: string): Promise<never> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${place}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (!answer.ok) throw new Error(`${place}: ${answer.status} ${await answer.text()}`);
    for await (const _ of answer.body ?? []);
  }
}

// Whoever started the thread ends it; an answer that says no ends all.
await Promise.all(places.map((place) => goOn(place)));
