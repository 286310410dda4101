// Which steps were applied stands in `kysely_migration`. Without its row a step would be applied a second time.

/** What is wrong with the rows of `kysely_migration`; undefined stands for a table that isn't there. */
export function stepFaults(known: readonly string[], applied: readonly string[] | undefined): readonly string[] {
  // A missing table is named with the other tables.
  if (applied === undefined) return [];
  return [
    ...known.filter((step) => !applied.includes(step)).map(lostStep),
    ...applied
      .filter((step) => !known.includes(step))
      .map((step) => `kysely_migration has a row of ${step}, which is no step of Ironlog's`),
  ];
}

/** Undefined unless the first step has no row and its tables are there. A later step without a row may be an upgrade. */
export function findLostStep(
  known: readonly string[],
  applied: readonly string[],
  tables: readonly string[],
): string | undefined {
  const [first] = known;
  const isLost = first !== undefined && !applied.includes(first) && tables.includes("event");
  return isLost ? lostStep(first) : undefined;
}

const lostStep = (step: string): string => `kysely_migration lacks the row of ${step}, whose tables are there`;
