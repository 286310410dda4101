import { useState } from "react";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../api/request.ts";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { MaybeTime } from "../../page/field-list.tsx";
import { addedColumn } from "../../page/list/added-column.tsx";
import { type ListColumn, List } from "../../page/list/list.tsx";
import { RowAct } from "../../page/list/row-act.tsx";
import { Page } from "../../page/page.tsx";
import { Empty, Loaded } from "../../page/states.tsx";
import { Count } from "../../page/text/count.tsx";
import { visible } from "../../page/text/visible.ts";
import { useAside } from "../../page/use-aside.ts";
import { PreferencesSections } from "../preferences-sections.tsx";
import { AddFactorPanel } from "./add-factor-panel.tsx";
import { type Factor, factorKind, factorsQuery, refreshFactors } from "./factors.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

const columns: readonly ListColumn<Factor>[] = [
  { title: "Name", render: ({ name }) => visible(name), sort: ({ name }) => name },
  { title: "Type", className: "ui-type", render: factorKind, sort: factorKind },
  addedColumn,
  {
    title: "Last used",
    className: "ui-time",
    render: ({ last_used: used }) => <MaybeTime value={used} none="never" />,
    sort: ({ last_used: used }) => used ?? "",
  },
];

/** What one can prove beside the password. */
export function FactorPage() {
  const factors = useQuery(factorsQuery);
  const { shown: panel, open, close } = useAside<"totp" | "passkey" | { readonly codes: readonly string[] }>();
  const [asked, setAsked] = useState<Factor | "codes">();
  const isFirst = factors.data?.items.length === 0;
  const hasPasskeys = browserSupportsWebAuthn();
  return (
    <Page
      title="Second factor"
      sections={<PreferencesSections />}
      count={<Count count={factors.data?.items.length} noun="second factor" />}
      controls={
        <>
          <Button appearance="positive" disabled={factors.data === undefined} onClick={() => open("totp")}>
            Add app
          </Button>
          <Button disabled={factors.data === undefined || !hasPasskeys} onClick={() => open("passkey")}>
            Add passkey
          </Button>
        </>
      }
      aside={
        typeof panel === "object" ? (
          <AsidePanel title="Recovery codes" onClose={close}>
            <RecoveryCodes codes={panel.codes} onClose={close} />
          </AsidePanel>
        ) : (
          panel !== undefined && <AddFactorPanel key={panel} kind={panel} isFirst={isFirst} onClose={close} />
        )
      }
    >
      {!hasPasskeys && <p className="u-text--muted">Passkeys need HTTPS: open this server by an https:// address.</p>}
      <Loaded query={factors}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="You have no second factor." next={{ words: "Set up an app", onAct: () => open("totp") }}>
              With an app that shows codes, or a passkey, your password alone lets nobody in. The first one ends your
              other sessions.
            </Empty>
          ) : (
            <>
              <List
                label="Second factors"
                items={data.items}
                keyOf={({ id }) => id}
                columns={columns}
                renderActions={(factor) => (
                  <RowAct does="delete" words={`Remove ${visible(factor.name)}`} onAct={() => setAsked(factor)} />
                )}
              />
              <section className="ui-section">
                <h2 className="p-heading--5">Recovery codes</h2>
                <p>
                  {codesLeft(data.recovery_codes_left)} Each is good once, where you don&apos;t have your second factor.
                </p>
                <Button onClick={() => setAsked("codes")}>Make new recovery codes</Button>
              </section>
            </>
          )
        }
      </Loaded>
      {asked === "codes" && (
        <ConfirmedAct
          title="Make new recovery codes?"
          verb="Make new recovery codes"
          act={async () => {
            const { recovery_codes } = await request("POST /account/second-factor/recovery-codes", { body: {} });
            open({ codes: recovery_codes ?? [] });
          }}
          done="Made new recovery codes."
          onDone={refreshFactors}
          onClose={() => setAsked(undefined)}
        >
          The old ones are void: keep the new ones in a safe place.
        </ConfirmedAct>
      )}
      {asked !== undefined && asked !== "codes" && (
        <RemoveFactor factor={asked} isLast={factors.data?.items.length === 1} onClose={() => setAsked(undefined)} />
      )}
    </Page>
  );
}

function codesLeft(left: number): string {
  return left === 0 ? "None is left." : `${left} of 10 ${left === 1 ? "is" : "are"} left.`;
}

interface RemoveFactorProps {
  readonly factor: Factor;
  readonly isLast: boolean;
  readonly onClose: () => void;
}

function RemoveFactor({ factor, isLast, onClose }: RemoveFactorProps) {
  const name = visible(factor.name);
  return (
    <ConfirmedAct
      title={`Remove second factor '${name}'?`}
      verb="Remove second factor"
      act={() => request("POST /account/second-factor/{id}/remove", { path: { id: factor.id }, body: {} })}
      done={`Removed second factor '${name}'.`}
      onDone={refreshFactors}
      onClose={onClose}
    >
      {isLast
        ? "It is your last one: your password alone is enough then, and your recovery codes are void."
        : "You can't log in with it any more."}
    </ConfirmedAct>
  );
}
