import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Button from "@canonical/react-components/dist/esm/components/Button";

interface FormButtonsProps {
  readonly verb: string;
  readonly form: { readonly isPending: boolean; leaveFor(act: () => void): void };
  /** Whether there is something to send. */
  readonly isReady?: boolean;
  readonly onClose: () => void;
}

/** What ends the form of a panel: it is sent, or left. */
export function FormButtons({ verb, form, isReady = true, onClose }: FormButtonsProps) {
  return (
    <div className="ui-form__buttons">
      <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={!isReady}>
        {verb}
      </ActionButton>
      <Button type="button" onClick={() => form.leaveFor(onClose)}>
        Cancel
      </Button>
    </div>
  );
}
