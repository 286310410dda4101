import assert from "node:assert/strict";
import { test } from "node:test";
import { transports as ofServer } from "../../../src/forwarding/destinations/destination.ts";
import { parseSettings } from "../../../src/forwarding/destinations/destination-settings.ts";
import { Refusal } from "../../../src/refusal.ts";
import { type SettingName, settingNames, settings, transportNames, transports } from "./transports.ts";

// Its keys are the names of the fields.
const allNames = Object.keys(settings) as readonly SettingName[];

/** Whether the server knows this field of that transport, whatever it thinks of the value. */
function isTaken(transport: keyof typeof ofServer, name: SettingName): boolean {
  try {
    parseSettings(transport, { [name]: "" });
    return true;
  } catch (error) {
    if (error instanceof Refusal && /has none/.test(error.message)) return false;
    throw error;
  }
}

test("the form offers the transports and formats that the server has", () => {
  assert.deepEqual(
    Object.fromEntries(transportNames.map((name) => [name, transports[name].formats])),
    Object.fromEntries(Object.entries(ofServer)),
  );
});

test("the form shows of each transport the fields that the server takes, and no other", () => {
  for (const transport of transportNames) {
    const format = transports[transport].formats.includes("ocsf")
      ? "ocsf"
      : (transports[transport].formats[0] ?? "json");
    const taken = allNames.filter((name) => isTaken(transport, name));
    assert.deepEqual(settingNames(transport, format).toSorted(), taken.toSorted(), transport);
  }
});
