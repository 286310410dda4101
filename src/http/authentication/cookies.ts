/** The session's cookie and its form token, under the names that Django gave them. */
export const sessionCookie = "sessionid";
export const csrfCookie = "csrftoken";

/** A cookie for the whole site, unless a path is given. Scripts see it only where they must send it back. */
export function cookie(
  name: string,
  value: string,
  options: {
    readonly isSecure: boolean;
    readonly maxAgeSeconds: number;
    readonly isForScripts: boolean;
    readonly path?: string;
  },
): string {
  const parts = [`${name}=${value}`, `Path=${options.path ?? "/"}`, `Max-Age=${options.maxAgeSeconds}`, "SameSite=Lax"];
  if (!options.isForScripts) parts.push("HttpOnly");
  if (options.isSecure) parts.push("Secure");
  return parts.join("; ");
}
