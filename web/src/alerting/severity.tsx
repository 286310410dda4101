import type { Rule } from "./rule.ts";

type Level = Rule["severity"];

const icons: Readonly<Record<Level, string>> = {
  low: "information",
  medium: "warning",
  high: "error",
  critical: "error",
};

/** From the least to the worst. */
// Its keys are the severities.
export const severityNames = Object.keys(icons) as readonly Level[];

/** How bad it is. */
export function Severity({ severity }: { readonly severity: Level }) {
  return (
    <>
      <i className={`p-icon--${icons[severity]}`} aria-hidden="true" />{" "}
      {severity === "critical" ? <strong>critical</strong> : severity}
    </>
  );
}
