import { useEffect, useRef } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { keepFocus } from "../page/return-focus.tsx";
import { messageOf } from "../page/states.tsx";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { type Alert, refreshAlerts } from "./alert.ts";

/** Says that somebody has seen to an alert. */
export function AcknowledgeButton({ alert: { id, description } }: { readonly alert: Alert }) {
  const giveBack = useRef<() => void>(undefined);
  // It goes with its row: the next one gets the focus.
  useEffect(() => () => queueMicrotask(() => giveBack.current?.()), []);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => request("POST /alerts/{id}/acknowledge", { path: { id } }),
    gcTime: 0,
    onSuccess: async () => {
      announce("Acknowledged the alert.");
      await refreshAlerts();
    },
    onError: (failure) => {
      announce(messageOf(failure));
      // Somebody else may have been faster.
      void refreshAlerts();
    },
  });
  return (
    <>
      <ActionButton
        type="button"
        dense
        loading={isPending}
        onClick={() => {
          giveBack.current = keepFocus();
          mutate();
        }}
      >
        Acknowledge<span className="u-off-screen"> {visible(description)}</span>
      </ActionButton>
      {error !== null && <div className="p-form-validation__message">{messageOf(error)}</div>}
    </>
  );
}
