import { useEffect, useId, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { request, whenFactorNeeded } from "../../api/request.ts";
import { Failure, Skeleton } from "../../page/states.tsx";
import { LoginAgain } from "../../oidc/login-again.tsx";
import { announce } from "../../shell/live-region.tsx";
import { GiveFactor } from "./give-factor.tsx";

/** Asks for the second factor again, wherever a request was refused without: with it the request goes on. */
export function FactorDialog() {
  const [asking, setAsking] = useState<{ readonly answer: (isGiven: boolean) => void }>();
  useEffect(() => {
    let asked: Promise<boolean> | undefined;
    whenFactorNeeded(() => {
      // Several requests at once ask once.
      asked ??= new Promise<boolean>((resolve) => setAsking({ answer: resolve })).finally(() => {
        asked = undefined;
        setAsking(undefined);
      });
      return asked;
    });
    return () => whenFactorNeeded(async () => false);
  }, []);
  return asking !== undefined && <Dialog onAnswer={asking.answer} />;
}

function Dialog({ onAnswer }: { readonly onAnswer: (isGiven: boolean) => void }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  // Before the question below it hears the key: that one stays.
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      onAnswer(false);
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [onAnswer]);
  const challenge = useQuery({
    queryKey: ["session", "factor"],
    queryFn: ({ signal }) => request("GET /session/factor", { signal }),
    // What a passkey signs is good once.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <dialog ref={dialog} className="ui-dialog" aria-labelledby={id}>
      <h2 className="p-heading--4" id={id}>
        Give your second factor again
      </h2>
      <p>What you are about to do takes a second factor that was given within the last 15 minutes.</p>
      {challenge.error !== null && <Failure error={challenge.error} />}
      {challenge.data === undefined ? (
        <Skeleton lines={2} />
      ) : challenge.data.factors.length === 0 ? (
        <>
          <LoginAgain />
          <button type="button" className="p-button" onClick={() => onAnswer(false)}>
            Cancel
          </button>
        </>
      ) : (
        <GiveFactor
          factors={challenge.data.factors}
          passkeyOptions={challenge.data.passkey_options}
          verb="Continue"
          send={(given) => {
            const body = "passkey" in given ? { ...given, state: challenge.data.state } : given;
            return request("PUT /session/factor", { body });
          }}
          onDone={() => {
            announce("Your second factor is right.");
            onAnswer(true);
          }}
          onCancel={() => onAnswer(false)}
        />
      )}
    </dialog>
  );
}
