import { type ReactNode, useState } from "react";
import { createPortal } from "react-dom";
import ConfirmationModal from "@canonical/react-components/dist/esm/components/ConfirmationModal";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { Failure } from "../states.tsx";

interface ConfirmProps {
  /** A question that names the thing: `Delete user 'johnnybegood'?` */
  readonly title: string;
  /** The button: `Delete user`. */
  readonly verb: string;
  /** Where given, it has to be typed before the button works. */
  readonly name?: string;
  /** False while something is still to be said. */
  readonly isReady?: boolean;
  /** Positive where nothing is lost by it. */
  readonly appearance?: "positive" | "negative";
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that has consequences. */
export function Confirm(props: ConfirmProps) {
  const {
    title,
    verb,
    name,
    isReady: isSaid = true,
    appearance = "negative",
    isPending,
    error,
    onConfirm,
    onClose,
    children,
  } = props;
  const [typed, setTyped] = useState("");
  const isReady = isSaid && (name === undefined || typed === name);
  // In the page, what is beside it would stand under the overlay and its foot over it. In a section the header and footer
  // aren't the page's.
  return createPortal(
    <section>
      <ConfirmationModal
        title={title}
        confirmButtonLabel={verb}
        confirmButtonAppearance={appearance}
        confirmButtonDisabled={!isReady}
        confirmButtonLoading={isPending}
        cancelButtonLabel="Cancel"
        close={onClose}
        onConfirm={onConfirm}
      >
        {error != null && <Failure error={error} />}
        <div className="ui-question">{children}</div>
        {name !== undefined && (
          <Input
            type="text"
            label={`Type '${name}' to confirm`}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && isReady && !isPending) onConfirm();
            }}
          />
        )}
      </ConfirmationModal>
    </section>,
    document.body,
  );
}
