import type { SecretRun } from "../processes/secret-run.ts";
import { codeOf, fromBase32 } from "./app.ts";

/** Sets up an app by API key, begins a login with it, and keeps all that is secret of that. */
export async function handleFactorSecrets(
  run: SecretRun,
  {
    headers,
    username,
    password,
  }: Readonly<Record<"username" | "password", string>> & { readonly headers: Record<string, string> },
): Promise<void> {
  const ask = (body: object) => ({ method: "POST", headers, body: JSON.stringify(body) });
  const path = "/api/v1/account/second-factor";
  const begun = await run.send(`${path}/totp`, ask({ password }), (answer) => {
    const { secret, enrolment } = answer.json<Readonly<Record<string, string>>>();
    const base64 = fromBase32(secret ?? "").toString("base64");
    return { "secret of the app": secret ?? "", "the same in base64": base64, enrolment: enrolment ?? "" };
  });
  const { secret, enrolment } = begun.json<{ readonly secret: string; readonly enrolment: string }>();
  await run.send(path, ask({ enrolment, name: "phone", code: codeOf(secret) }), (answer) => {
    const { recovery_codes: codes } = answer.json<{ readonly recovery_codes: readonly string[] }>();
    return Object.fromEntries(codes.map((code, at) => [`recovery code ${at}`, code]));
  });
  await run.send("/api/v1/session", ask({ username, password }), (answer) => {
    return { "pending login": answer.json<{ readonly pending_login: string }>().pending_login };
  });
  await run.send("/api/v1/session", ask({ username, password, code: run.secrets["recovery code 0"] }), (answer) => ({
    "session id by recovery code": answer.cookie("sessionid") ?? "",
    "form token by recovery code": answer.cookie("csrftoken") ?? "",
  }));
  await run.send("/api/v1/session", ask({ username, password, code: run.secrets["recovery code 0"] }));
}
