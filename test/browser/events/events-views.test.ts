import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { report } from "../../support/reports.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, heard, startPages } from "../support/pages.ts";

// Filters that people keep under a name.

const { browser, server } = await startPages();
const { native } = admin(server);

await report(native, [
  { type: "NODE", action: "view.seen", description: "Seen.", outcome: "failure" },
  { type: "NODE", action: "view.other", description: "Other." },
]);

interface ViewBody {
  readonly id: number;
  readonly name: string;
  readonly filter: string;
  readonly is_shared: boolean;
  readonly is_default: boolean;
}

async function viewsOf(person: Person): Promise<readonly ViewBody[]> {
  return (await person.native.ask("GET", "views")).json<{ readonly items: readonly ViewBody[] }>().items;
}

async function addView(person: Person, name: string, more: object = {}): Promise<ViewBody> {
  const made = await person.native.ask("POST", "views", { name, filter: "action:view.seen", ...more });
  assert.equal(made.status, 201, made.text);
  return made.json<ViewBody>();
}

const search = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

test("a filter is saved under a name, which the page then has for its title", async () => {
  const person = await makePerson(server, { isAuditor: true });
  await using opened = await browser.logIn(server, person, { at: "/?q=action:view.seen" });
  opened.expectStatus(400, 409);
  const { page } = opened;
  await page.getByRole("button", { name: "Save view" }).click();
  const panel = panelOf(page, "Save view");
  await panel.getByLabel("Name").fill("Seen nodes");
  await panel.getByText("Share with everybody").click();
  await expectAccessible(page);
  await page.keyboard.press("Tab");
  await panel.getByRole("button", { name: "Save view" }).press("Enter");
  await heard(page, "Saved view 'Seen nodes'.");
  await page.getByRole("heading", { name: "Seen nodes", level: 1 }).waitFor();
  assert.equal(await page.title(), "Seen nodes | Ironlog");
  assert.equal(await page.getByRole("button", { name: "Save view" }).count(), 0);
  const [view] = await viewsOf(person);
  assert.deepEqual([view?.name, view?.filter, view?.is_shared], ["Seen nodes", "action:view.seen", true]);
  const [event] = await allEvents(native, { action: "view.create", owner: person.username });
  assert.equal(event?.endpoint, "UI");
  // Another filter is no view.
  await page.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
  assert.equal(await page.title(), "Events | Ironlog");
  await page.goBack();
  await page.getByRole("heading", { name: "Seen nodes", level: 1 }).waitFor();
  // A name that is taken stands at its field.
  await opened.go("/?q=action:view.other");
  await page.getByRole("button", { name: "Save view" }).click();
  await panel.getByLabel("Name").fill("Seen nodes");
  await page.keyboard.press("Enter");
  await panel.getByText("A view of that name is there already.").waitFor();
});

test("views are listed, opened, renamed, shared and deleted beside the events", async () => {
  const [person, other] = [await makePerson(server), await makePerson(server)];
  await addView(person, "Mine");
  await addView(other, "Theirs", { filter: "action:view.other", is_shared: true });
  await addView(other, "Hidden");
  await using opened = await browser.logIn(server, person);
  const { page } = opened;
  await page.getByRole("button", { name: "Views", exact: true }).click();
  const panel = panelOf(page, "Views");
  await panel.getByRole("link", { name: "Theirs" }).waitFor();
  await panel.getByText(`by ${other.username}`).waitFor();
  assert.equal(await panel.getByText("Hidden").count(), 0);
  assert.equal(await panel.getByRole("button", { name: "Edit Theirs" }).count(), 0);
  await screenshot(page, "views-light-1440");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Edit Mine" }).click();
  const edit = panelOf(page, "Edit view 'Mine'");
  await edit.getByLabel("Name").fill("Ours");
  await edit.getByText("Share with everybody").click();
  await edit.getByRole("button", { name: "Save view" }).click();
  await panel.getByRole("link", { name: "Ours" }).waitFor();
  assert.deepEqual(
    (await viewsOf(person)).filter(({ name }) => name === "Ours").map(({ is_shared }) => is_shared),
    [true],
  );
  await panel.getByRole("link", { name: "Theirs" }).click();
  await page.getByRole("heading", { name: "Theirs", level: 1 }).waitFor();
  assert.equal(search(page).get("q"), "action:view.other");
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await panel.getByRole("button", { name: "Delete Ours" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete view" }).click();
  await heard(page, "Deleted view 'Ours'.");
  await panel.getByRole("link", { name: "Ours" }).waitFor({ state: "detached" });
});

test("a view takes what the page shows now; an administrator changes those that others share", async () => {
  const person = await makePerson(server);
  const view = await addView(person, "Shared nodes", { is_shared: true });
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=outcome:failure" });
  const { page } = opened;
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await page.getByRole("button", { name: "Edit Shared nodes" }).click();
  const edit = panelOf(page, "Edit view 'Shared nodes'");
  await edit.getByText("Show what the page shows now").click();
  await edit.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("link", { name: "Shared nodes" }).click();
  await page.getByRole("heading", { name: "Shared nodes", level: 1 }).waitFor();
  assert.equal((await viewsOf(person)).find(({ id }) => id === view.id)?.filter, "outcome:failure");
});

test("the page opens with the view that somebody chose, and with all events again", async () => {
  const person = await makePerson(server, { isAuditor: true });
  await addView(person, "Mornings");
  await using opened = await browser.logIn(server, person);
  const { page } = opened;
  await page.getByRole("button", { name: "Views", exact: true }).click();
  const panel = panelOf(page, "Views");
  await panel.getByRole("button", { name: "Open with this view Mornings" }).press("Enter");
  await heard(page, "Your events page opens with 'Mornings'.");
  await panel.getByText("Your events page opens with 'Mornings'.").waitFor();
  await opened.go("/");
  await page.getByRole("heading", { name: "Mornings", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Seen." }).first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Other." }).count(), 0);
  assert.equal(await page.getByRole("combobox").inputValue(), "action:view.seen");
  // A filter or an event that an address brings is what it says.
  await opened.go("/?q=action:view.other");
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  const [event] = await allEvents(native, { action: "view.other" });
  await opened.go(`/?event=${event?.id}`);
  await panelOf(page, `Event ${event?.id}`).waitFor();
  assert.equal(await page.getByRole("combobox").inputValue(), "");
  await page.keyboard.press("Escape");
  await panelOf(page, `Event ${event?.id}`).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("combobox").inputValue(), "");
  // Out of it: by a link, by no filter, also after a reload.
  await page.getByRole("link", { name: "Events", exact: true }).click();
  await page.getByRole("heading", { name: "Mornings", level: 1 }).waitFor();
  await page.getByRole("link", { name: "All events" }).press("Enter");
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  await opened.go("/");
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  assert.equal(search(page).get("view"), "all");
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await panel.getByRole("button", { name: "Open with all events" }).click();
  await heard(page, "Your events page opens with all events.");
  await opened.go("/");
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  assert.deepEqual([page.url().endsWith("/"), await page.title()], [true, "Events | Ironlog"]);
});

test("a link to a view has the filter that the view has now; one that is gone shows all events", async () => {
  const person = await makePerson(server, { isAuditor: true });
  const { id } = await addView(person, "Linked");
  await using opened = await browser.logIn(server, person, { at: `/?view=${id}` });
  const { page } = opened;
  await page.getByRole("heading", { name: "Linked", level: 1 }).waitFor();
  assert.equal(search(page).get("q"), "action:view.seen");
  await opened.go("/?view=999999");
  await page.getByRole("link", { name: "Other." }).first().waitFor();
  assert.equal(await page.title(), "Events | Ironlog");
});

for (const [name, options] of [
  ["dark-390", dark390],
  ["light-320", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`views have no fault that axe finds: ${name}`, async () => {
    const person = await makePerson(server);
    await addView(person, "A name that is as long as a name can be, so it has to wrap", {
      filter: `user:${"x".repeat(60)} outcome:failure`,
    });
    await using opened = await browser.logIn(server, person, options);
    const { page } = opened;
    await page.getByRole("button", { name: "Views", exact: true }).click();
    await panelOf(page, "Views").getByRole("link", { name: "A name" }).waitFor();
    await screenshot(page, `views-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
    await panelOf(page, "Views").getByRole("link", { name: "A name" }).click();
    await page.getByRole("heading", { name: "A name", level: 1 }).waitFor();
    const out = await page.getByRole("link", { name: "All events" }).boundingBox();
    assert.ok(out !== null && out.x + out.width <= 320, "the way out of a view shows however long its filter is");
    await screenshot(page, `view-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
