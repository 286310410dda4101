/** An event in the words of `POST /api/v1/events`. The server checks it. */
export interface Reported {
  readonly level?: string;
  readonly type: string;
  readonly action: string;
  readonly description: string;
  readonly outcome?: "success" | "failure";
  readonly occurred?: string;
  readonly username?: string;
  readonly node?: string;
  readonly hostname?: string;
  readonly target?: { readonly kind?: string; readonly id?: string; readonly name?: string };
  readonly details?: Readonly<Record<string, unknown>>;
  readonly source?: string;
  readonly key?: string;
}
