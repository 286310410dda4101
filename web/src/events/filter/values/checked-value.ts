/** What a filter holds, or what is wrong with that and what may have been meant. */
export type CheckedValue =
  | { readonly value: string }
  | { readonly message: string; readonly instead?: string | undefined };
