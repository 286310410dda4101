/** Whether a parameter belongs to the request, not to the operation: credentials, `op`, `format`, Django's form token. */
export function isOfProtocol(name: string): boolean {
  return name === "op" || name === "format" || name === "csrfmiddlewaretoken" || name.startsWith("oauth_");
}
