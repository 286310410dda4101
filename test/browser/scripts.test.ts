import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { admin } from "../support/worlds/people.ts";
import { expectAccessible, panelOf } from "./support/browser.ts";
import { heard, startPages } from "./support/pages.ts";

// What a script is uploaded from, and where its page leads when it has another name or kind, or has gone.

const { browser, server } = await startPages();
const { native } = admin(server);

function fileOf(content: string, encoding?: BufferEncoding) {
  return { name: "check.sh", mimeType: "text/x-sh", buffer: Buffer.from(content, encoding) };
}

async function contentOf(name: string): Promise<string> {
  const { revision } = (await native.ask("GET", `scripts/${name}`)).json<{ revision: number }>();
  return (await native.ask("GET", `scripts/${name}/revisions/${revision}`)).json<{ content: string }>().content;
}

async function openAt(name: string, kind = "testing") {
  await native.ask("POST", "scripts", { script: "#!/bin/sh\n", name, type: "testing" });
  return browser.logIn(server, server.firstLogin, { at: `/settings/scripts/${kind}/${name}` });
}

async function openUpload(page: Page, name: string) {
  await page.getByRole("button", { name: "Upload version" }).click();
  return panelOf(page, `Upload version of '${name}'`);
}

test("a file that isn't UTF-8 is refused at its field, and one that is stays as it is", async () => {
  await using opened = await openAt("coffee");
  const { page } = opened;
  const panel = await openUpload(page, "coffee");
  const file = panel.getByLabel("File");
  await file.setInputFiles(fileOf("#!/bin/sh\n# caf\u00e9\n", "latin1"));
  await panel.getByText("'check.sh' isn't UTF-8 text. Save it as UTF-8, then choose it again.").waitFor();
  assert.equal(await file.getAttribute("aria-invalid"), "true");
  assert.ok(await panel.getByRole("button", { name: "Upload version" }).isDisabled());
  await expectAccessible(page);
  // A browser says nothing of a choice that is the same as before.
  const chooser = page.waitForEvent("filechooser");
  await file.click();
  assert.equal(await file.inputValue(), "");
  await (await chooser).setFiles(fileOf("#!/bin/sh\n# caf\u00e9\n"));
  await panel.getByText("check.sh", { exact: true }).waitFor();
  await panel.getByRole("button", { name: "Upload version" }).click();
  await heard(page, "Saved script 'coffee'.");
  assert.equal(await contentOf("coffee"), "#!/bin/sh\n# caf\u00e9\n");
});

test("a version that renames its script leads to the new name", async () => {
  await using opened = await openAt("before");
  const { page } = opened;
  const panel = await openUpload(page, "before");
  const metadata = [
    "# --- Start MAAS 1.0 script metadata ---",
    "# name: after",
    "# --- End MAAS 1.0 script metadata ---",
  ];
  await panel.getByLabel("File").setInputFiles(fileOf(["#!/bin/sh", ...metadata, "echo renamed", ""].join("\n")));
  await panel.getByRole("button", { name: "Upload version" }).click();
  await page.getByRole("heading", { name: "after", level: 1 }).waitFor();
  await page.getByText("echo renamed").waitFor();
  assert.equal(new URL(page.url()).pathname, "/settings/scripts/testing/after");
  assert.equal(await page.getByText("There is no script").count(), 0);
});

test("a script under the other kind's address leads to its own", async () => {
  await using opened = await openAt("misplaced", "commissioning");
  await opened.page.waitForURL((at) => at.pathname === "/settings/scripts/testing/misplaced");
  await opened.page.getByRole("button", { name: "Delete script" }).waitFor();
});

test("a script that has gone can be neither changed nor deleted", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  opened.expectStatus(404);
  const { page } = opened;
  await opened.go("/settings/scripts/testing/nobody");
  await page.getByText("There is no script 'nobody'").waitFor();
  await page.getByRole("button", { name: "Upload version" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete script" }).waitFor({ state: "detached" });
});

test("a file that is dropped beside its place doesn't lead away", async () => {
  await using opened = await openAt("dropped");
  const { page } = opened;
  await openUpload(page, "dropped");
  const isKept = await page.evaluate(() =>
    ["dragover", "drop"].map((kind) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["#!/bin/sh\n"], "check.sh"));
      const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
      return !document.querySelector("h1")?.dispatchEvent(event);
    }),
  );
  assert.deepEqual(isKept, [true, true]);
});

test("deleting a script asks before an upload that was begun is given up", async () => {
  await using opened = await openAt("begun");
  const { page } = opened;
  const panel = await openUpload(page, "begun");
  await panel.getByLabel("Comment").fill("What I was about to say");
  await page.getByRole("button", { name: "Delete script" }).click();
  await page.getByRole("dialog").getByText("Leave without saving?").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await panel.getByLabel("Comment").inputValue(), "What I was about to say");
});

test("a script shows the characters that would turn its text around", async () => {
  const script = "#!/bin/sh\n# \u202Eready\u2066\necho a\u200Bb\n";
  await native.ask("POST", "scripts", { script, name: "turned", type: "testing" });
  await using opened = await openAt("turned");
  await opened.page.getByText(String.raw`# \u202eready\u2066`).waitFor();
  await opened.page.getByText(String.raw`echo a\u200bb`).waitFor();
});
