/** MAAS's levels and their numbers, lowest first. */
export const levelNumbers = {
  AUDIT: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

export type LevelName = keyof typeof levelNumbers;

const names = new Map<number, string>(Object.entries(levelNumbers).map(([name, number]) => [number, name]));

export const allLevels: readonly number[] = [...names.keys()];

/** The level's number; undefined if there is none of that name. Case counts. */
export function findLevel(name: string): number | undefined {
  return Object.hasOwn(levelNumbers, name) ? levelNumbers[name as LevelName] : undefined;
}

export function levelName(level: number): string {
  return names.get(level) ?? String(level);
}

/** What MAAS means by a level: audit events alone, or that level and above, without the audit events. */
export function levelsFrom(level: number): readonly number[] {
  return level === levelNumbers.AUDIT ? [level] : allLevels.filter((other) => other >= level);
}
