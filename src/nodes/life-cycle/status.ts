import { invalidField } from "../../refusal.ts";

/** MAAS's statuses of a node; the place in this list is MAAS's number. */
export const statusLabels = [
  "New",
  "Commissioning",
  "Failed commissioning",
  "Missing",
  "Ready",
  "Reserved",
  "Deployed",
  "Retired",
  "Broken",
  "Deploying",
  "Allocated",
  "Failed deployment",
  "Releasing",
  "Releasing failed",
  "Disk erasing",
  "Failed disk erasing",
  "Rescue mode",
  "Entering rescue mode",
  "Failed to enter rescue mode",
  "Exiting rescue mode",
  "Failed to exit rescue mode",
  "Testing",
  "Failed testing",
] as const;

export type StatusLabel = (typeof statusLabels)[number];

/** A status as MAAS shows it. */
export function statusLabel(status: number): StatusLabel {
  const label = statusLabels[status];
  if (label === undefined) throw new Error(`no status has the number ${status}`);
  return label;
}

/** A status by its number or its name, in any case. */
export function parseStatus(text: string, field = "status"): StatusLabel {
  const wanted = text.trim().toLowerCase().replaceAll("_", " ");
  const found = /^\d{1,2}$/.test(wanted)
    ? statusLabels[Number(wanted)]
    : statusLabels.find((label) => label.toLowerCase() === wanted);
  if (found === undefined)
    throw invalidField(field, `'${text}' is not a status: use one of ${statusLabels.join(", ")}.`);
  return found;
}

export function statusNumber(label: StatusLabel): number {
  return statusLabels.indexOf(label);
}
