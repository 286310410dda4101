import Button from "@canonical/react-components/dist/esm/components/Button";

interface RowActProps {
  readonly does: "edit" | "delete";
  /** With the name of what it is done to, for those who don't see its row. */
  readonly words: string;
  readonly onAct: () => void;
}

/** What can be done to a thing in a list, as an icon in its row. */
export function RowAct({ does, words, onAct }: RowActProps) {
  return (
    <Button appearance="base" hasIcon dense onClick={onAct} title={words}>
      <i className={`p-icon--${does}`}>{words}</i>
    </Button>
  );
}
