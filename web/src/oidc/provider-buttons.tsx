import { visible } from "../page/text/visible.ts";
import type { SignIns } from "./sign-in-query.ts";

interface ProviderButtonsProps {
  readonly signIns: SignIns;
  /** The page to come back to. */
  readonly redirectTo: string;
  /** Set while the form for a password is hidden: shows it. */
  readonly onBreakGlass: (() => void) | undefined;
}

/** One way in for each provider. A link, since it leads to another site. */
export function ProviderButtons({ signIns, redirectTo, onBreakGlass }: ProviderButtonsProps) {
  const query = new URLSearchParams({ redirectTo }).toString();
  return (
    <>
      {signIns.providers.map(({ name, title, path }) => (
        <p key={name}>
          <a className="p-button u-no-margin--bottom" href={`${path}?${query}`}>
            Log in with {visible(title)}
          </a>
        </p>
      ))}
      {onBreakGlass !== undefined && (
        <p>
          <button type="button" className="p-button--link" onClick={onBreakGlass}>
            Use a break-glass account
          </button>
        </p>
      )}
    </>
  );
}
