import { visible } from "./visible.ts";

/** An e-mail address, which breaks before its `@` where it must. */
export function Email({ address }: { readonly address: string }) {
  const at = address.lastIndexOf("@");
  if (at < 0) return visible(address);
  return (
    <>
      {visible(address.slice(0, at))}
      <wbr />
      {visible(address.slice(at))}
    </>
  );
}
