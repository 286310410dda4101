import { isUtcHere, showUtc, useZone } from "../../page/text/zone.ts";

/** Shows times in UTC, or in this computer's zone: on every page, from now on. */
export function ZoneSwitch() {
  const isUtc = useZone() === "UTC";
  return (
    <label className="p-switch ui-zone-switch" title={isUtcHere ? "This computer is in UTC" : "Show all times in UTC"}>
      <input
        type="checkbox"
        role="switch"
        className="p-switch__input"
        checked={isUtc}
        disabled={isUtcHere}
        onChange={(event) => showUtc(event.target.checked)}
      />
      <span className="p-switch__slider" />
      <span className="p-switch__label">UTC</span>
    </label>
  );
}
