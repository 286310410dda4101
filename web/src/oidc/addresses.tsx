import { useId } from "react";
import { CopiedCode } from "../page/text/copy.tsx";
import type { Provider } from "./provider.ts";

type AddressName = "redirect_uri" | "backchannel_logout_uri" | "post_logout_redirect_uri";

const words: Readonly<Record<AddressName, string>> = {
  redirect_uri: "Redirect URI",
  backchannel_logout_uri: "Back-channel logout URI",
  post_logout_redirect_uri: "Post-logout redirect URI",
};

/** What the provider must know of this server. */
export function Addresses({ addresses }: { readonly addresses: Pick<Provider, AddressName> }) {
  const id = useId();
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        What the provider must know
      </h3>
      {(Object.keys(words) as AddressName[]).map((name) => (
        <div key={name}>
          <p className="p-form-help-text u-no-margin--bottom">{words[name]}</p>
          <CopiedCode text={addresses[name]} what={`the ${words[name]}`} />
        </div>
      ))}
    </section>
  );
}
