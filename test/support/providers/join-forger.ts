import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { freshAddress } from "../clients/http-client.ts";
import type { TestServer } from "../server.ts";
import { TestBrowser } from "./browser.ts";
import { type Forgery, type ForgingProvider, forgingProvider, sendJson } from "./forging-provider.ts";
import { freshProviderName } from "./provider-name.ts";
import { addProvider } from "./sign-in.ts";

/** A server that takes a provider's word which a test writes. */
export async function joinForger(server: TestServer, settings: object = {}) {
  const forger = await forgingProvider();
  const name = freshProviderName();
  const { issuer } = forger;
  await addProvider(server, { name, issuer, client_id: "ironlog", accounts: "create", ...settings });
  /** Goes through a login whose token endpoint answers so. Gives where the browser is sent. */
  const comeBack = async (
    answer: (nonce: string) => Promise<ForgingProvider["answer"]> | ForgingProvider["answer"],
    browser = new TestBrowser(freshAddress()),
    query = "",
  ): Promise<string> => {
    const { location = "" } = (await browser.step(`${server.url}/oidc/${name}/login${query}`)).headers;
    const sent = new URL(location, server.url).searchParams;
    assert.equal(sent.get("code_challenge_method"), "S256", location);
    forger.answer = await answer(sent.get("nonce") ?? "");
    const back = `${server.url}/oidc/${name}/callback?code=one&state=${sent.get("state")}`;
    return (await browser.step(back)).headers.location ?? "";
  };
  const token = (sub: string, forgery?: Forgery) => async (nonce: string) => {
    const id_token = await forger.sign({ sub, nonce, preferred_username: sub, sid: `session of ${sub}` }, forgery);
    return (response: ServerResponse) => sendJson(response, { access_token: "a", token_type: "bearer", id_token });
  };
  return { forger, name, comeBack, token };
}
