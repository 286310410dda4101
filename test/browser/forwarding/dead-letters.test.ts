import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents } from "../../support/clients/native-client.ts";
import { startServer } from "../../support/server.ts";
import { admin } from "../../support/worlds/people.ts";
import { expectAccessible, panelOf, screenshot } from "../support/browser.ts";
import { addPaused, refuse } from "../support/destinations.ts";
import { startPages } from "../support/pages.ts";

// What destinations refused for good, as people meet it.

const { browser } = await startPages();

test("what a destination refused is shown with why, and sent again or dropped, one or all", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await addPaused(own);
  await refuse(own, [1, 2]);
  await using opened = await browser.logIn(own, own.firstLogin, { at: "/destinations?name=siem" });
  const { page } = opened;
  const panel = panelOf(page, "Destination 'siem'");
  await panel.getByText("The receiver refused these 2 events for good.").waitFor();
  const letter = panel.getByRole("listitem").filter({ hasText: "event 2:" });
  await letter.getByText("The receiver refuses this.").waitFor();
  await letter.getByText("5 tries").waitFor();
  await expectAccessible(page);
  await screenshot(page, "dead-letters");
  const ask = async (button: string, title: string, verb: string): Promise<void> => {
    await panel.getByRole("button", { name: button, exact: true }).click();
    const question = page.getByRole("dialog", { name: title });
    await question.getByText("The destination is paused: this is done when it is resumed.").waitFor();
    await expectAccessible(page);
    await question.getByRole("button", { name: verb, exact: true }).click();
    await question.waitFor({ state: "detached" });
  };
  await ask("Send again event 2", "Send event 2 to 'siem' again?", "Send again");
  await page.waitForFunction(() => document.activeElement?.textContent === "Send again event 2");
  await ask("Drop all", "Drop all 2 events for 'siem'?", "Drop");
  const about = await allEvents(admin(own).native, { action: "delivery.*" });
  assert.deepEqual(
    about.map(({ action, endpoint, details }) => [action, endpoint, details?.["event"]]),
    [
      ["delivery.drop", "UI", null],
      ["delivery.resend", "UI", 2],
    ],
  );
});
