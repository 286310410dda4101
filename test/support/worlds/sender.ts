/** Who sends a request, and what its events say of them. */
export interface Sender {
  /** Whose name the events bear; null for nobody's. */
  readonly username: string | null;
  readonly endpoint: "UI" | "API";
  readonly ip: string;
  /** Made anew for each request: a signature may be used once. */
  headers(api: "maas" | "native"): Readonly<Record<string, string>>;
}
