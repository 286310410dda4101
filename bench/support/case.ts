/** What a case shows: ours beside its reference, measured in one run. */
export interface Measurement {
  /** Ours over the reference, so that higher is better. */
  readonly ratio: number;
  readonly ours: number;
  readonly reference: number;
  readonly unit: string;
}

/** Measures two things in turn, `rounds` times, so that both see the same machine; gives their medians and ratio. */
export async function inTurn(
  rounds: number,
  unit: string,
  measureOurs: () => Promise<number>,
  measureReference: () => Promise<number>,
): Promise<Measurement> {
  const ours: number[] = [];
  const reference: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ourRate = await measureOurs();
    const referenceRate = await measureReference();
    ours.push(ourRate);
    reference.push(referenceRate);
    ratios.push(ourRate / referenceRate);
  }
  return { ratio: median(ratios), ours: median(ours), reference: median(reference), unit };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
