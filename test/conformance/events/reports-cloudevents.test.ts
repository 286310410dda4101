import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { send } from "../../support/clients/http-client.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { eventOf, lastId, type Reported, sendText } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// CloudEvents 1.0 at POST /api/v1/events.

const serverOf = sharedServers();

const structured = "application/cloudevents+json; charset=utf-8";
const batch = "application/cloudevents-batch+json";

function cloudEvent(more: object = {}) {
  return {
    specversion: "1.0",
    id: freshName("event"),
    source: "/registry/eu",
    type: "com.example.image.Pushed",
    ...more,
  };
}

forEachKind((kind) => {
  test(`a sender that asks first whether it may deliver is told that it may, and needs a key all the same (${kind})`, async () => {
    const server = await serverOf(kind);
    const ask = (origin: string | undefined) =>
      send(server.url, "/api/v1/events", {
        method: "OPTIONS",
        headers: origin === undefined ? {} : { "webhook-request-origin": origin, "webhook-request-rate": "120" },
      });
    const { status, headers, text } = await ask("eventgrid.example.net");
    assert.deepEqual([status, text], [200, ""]);
    assert.deepEqual(
      [headers["webhook-allowed-origin"], headers["webhook-allowed-rate"], headers["allow"]?.includes("POST")],
      ["eventgrid.example.net", "*", true],
    );
    for (const origin of [undefined, "", "a b", "https://example.net/"]) {
      const refused = await ask(origin);
      assert.deepEqual([refused.status, refused.headers["webhook-allowed-origin"]], [405, undefined], String(origin));
    }
    const body = JSON.stringify(cloudEvent({}));
    const delivery = await send(server.url, "/api/v1/events", {
      method: "POST",
      headers: { "content-type": structured, origin: "eventgrid.example.net" },
      body,
    });
    assert.equal(delivery.status, 401, delivery.text);
  });

  test(`a CloudEvent is recorded with its type, subject, time, context and data (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const sent = cloudEvent({
      subject: "focal/amd64",
      time: "2026-01-02T03:04:05.678901Z",
      dataschema: "https://example.com/schema",
      authid: "mallory",
      severitytext: "WARN",
      data: { message: "Image pushed.", size: 1.5, digits: 12345678901234567890n.toString(), list: [1, null] },
    });
    const text = JSON.stringify(sent).replace('"12345678901234567890"', "12345678901234567890");
    const answer = await sendText(native, text, structured);
    assert.equal(answer.status, 201, answer.text);
    const [item] = answer.json<Reported>().items;
    const event = await eventOf(native, item?.id ?? 0);
    assert.deepEqual(
      [event.type, event.action, event.description, event.level, event.username, event.source, event.occurred],
      [
        "COM_EXAMPLE_IMAGE_PUSHED",
        "com.example.image.pushed",
        "Image pushed.",
        "WARNING",
        "mallory",
        "external",
        "2026-01-02T03:04:05.678901Z",
      ],
    );
    assert.equal(event.target_id, "focal/amd64");
    const { specversion: _, data: __, ...context } = sent as Record<string, unknown>;
    assert.deepEqual(event.details, {
      cloudevent: context,
      data: { message: "Image pushed.", size: "1.5", digits: "12345678901234567890", list: [1, null] },
    });
  });

  test(`a batch is recorded as a whole, and again it is a duplicate by source and id (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const id = freshName("event");
    const events = [cloudEvent({ id, source: "/a" }), cloudEvent({ id, source: "/b" })];
    const once = (await sendText(native, JSON.stringify(events), batch)).json<Reported>().items;
    assert.deepEqual(
      once.map(({ status }) => status),
      ["recorded", "recorded"],
    );
    const again = (await sendText(native, JSON.stringify(events), batch)).json<Reported>().items;
    assert.deepEqual(
      again,
      once.map((item) => ({ ...item, status: "duplicate" })),
    );
    const other = await sendText(native, JSON.stringify({ ...events[0], subject: "else" }), structured);
    assert.equal(other.status, 409, other.text);
  });

  test(`in binary mode the headers are the attributes and the body is the data, compressed or not (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": freshName("event"),
      "ce-source": "/caf%C3%A9%20bar",
      "ce-type": "org.example.login",
      "ce-tenant": "a%25b",
    };
    const details = async (more: Readonly<Record<string, string>>, body: string | Buffer): Promise<unknown> => {
      const answer = await native.ask("POST", "events", undefined, { headers: { ...headers, ...more }, body });
      assert.equal(answer.status, 201, answer.text);
      return (await eventOf(native, answer.json<Reported>().items[0]?.id ?? 0)).details;
    };
    const context = { id: headers["ce-id"], source: "/café bar", type: "org.example.login", tenant: "a%b" };
    assert.deepEqual(
      await details(
        { "content-type": "application/json", "content-encoding": "gzip" },
        gzipSync(JSON.stringify({ a: 1 })),
      ),
      { cloudevent: { ...context, datacontenttype: "application/json" }, data: { a: 1 } },
    );
    const second = freshName("event");
    assert.deepEqual(await details({ "content-type": "text/plain", "ce-id": second }, "Logged in."), {
      cloudevent: { ...context, id: second, datacontenttype: "text/plain" },
      data: "Logged in.",
    });
    const third = freshName("event");
    assert.deepEqual(
      await details({ "content-type": "application/octet-stream", "ce-id": third }, Buffer.from([0xff, 0])),
      { cloudevent: { ...context, id: third, datacontenttype: "application/octet-stream" }, data_base64: "/wA=" },
    );
  });

  test(`a wrong CloudEvent is refused by the attribute's name, and nothing is recorded (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const before = await lastId(native);
    for (const [type, body, field] of [
      [structured, { ...cloudEvent(), specversion: "0.3" }, "specversion"],
      [structured, { ...cloudEvent(), id: "" }, "id"],
      [structured, { ...cloudEvent(), source: 7 }, "source"],
      [structured, { ...cloudEvent(), time: "yesterday" }, "occurred"],
      [batch, [cloudEvent(), { ...cloudEvent(), type: undefined }], "[1].type"],
    ] as const) {
      const answer = await sendText(native, JSON.stringify(body), type);
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), [field]);
    }
    assert.equal((await sendText(native, "[]", structured)).status, 400);
    assert.equal((await sendText(native, "{}", batch)).status, 400);
    assert.equal(await lastId(native), before);
  });

  test(`1,001 CloudEvents are too many, and a bomb of one is too large (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const many = await sendText(native, JSON.stringify(Array.from({ length: 1001 }, () => cloudEvent())), batch);
    assert.equal(many.status, 413, many.text);
    const bomb = gzipSync(JSON.stringify(cloudEvent({ data: "x".repeat(5_000_000) })));
    assert.ok(bomb.length < 20_000);
    const headers = { "content-type": structured, "content-encoding": "gzip" };
    const answer = await native.ask("POST", "events", undefined, { headers, body: bomb });
    assert.equal(answer.status, 413, answer.text);
  });
});
