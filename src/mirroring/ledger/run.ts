/** Ids in a row, both ends included. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** The runs that ids in ascending order make, each of at most `lengthMax` ids. */
export function runsOf(ids: readonly number[], lengthMax = Infinity): readonly Run[] {
  const runs: { first: number; last: number }[] = [];
  for (const id of ids) {
    const newest = runs.at(-1);
    if (newest !== undefined && newest.last === id - 1 && newest.last - newest.first + 1 < lengthMax) newest.last = id;
    else runs.push({ first: id, last: id });
  }
  return runs;
}

/** The same runs without what lies behind one that it touches; ascending. */
export function mergeRuns(runs: readonly Run[]): readonly Run[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of runs.toSorted((one, other) => one.first - other.first)) {
    const newest = merged.at(-1);
    if (newest !== undefined && first <= newest.last + 1) newest.last = Math.max(newest.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

/** What is left of a run when ids are taken out of it; `ids` ascend. */
export function without({ first, last }: Run, ids: readonly number[]): readonly Run[] {
  const left: Run[] = [];
  let next = first;
  for (const id of ids) {
    if (id < next || id > last) continue;
    if (id > next) left.push({ first: next, last: id - 1 });
    next = id + 1;
  }
  if (next <= last) left.push({ first: next, last });
  return left;
}
