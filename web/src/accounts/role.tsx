import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";

interface Roles {
  readonly is_superuser: boolean;
  readonly is_auditor: boolean;
}

/** Whether somebody reads what is others'. */
export function readsAll(user: Roles | null | undefined): boolean {
  return user !== null && user !== undefined && (user.is_superuser || user.is_auditor);
}

/** What somebody is, in the words of the log. */
export function roleName({ is_superuser, is_auditor }: Roles): string {
  if (is_superuser) return "admin";
  return is_auditor ? "auditor" : "user";
}

interface RoleFieldsProps {
  readonly form: { readonly values: Roles; set(changes: Partial<Roles>): void };
  /** What else comes of it where somebody is no administrator any more. */
  readonly isDemoted?: boolean;
}

/** The two roles beside a user's, of which one can be had. */
export function RoleFields({ form: { values, set }, isDemoted = false }: RoleFieldsProps) {
  return (
    <>
      <CheckboxInput
        label="Administrator"
        help={
          isDemoted
            ? "API keys by which they report events are deleted."
            : "Administrators see every event and change everything."
        }
        checked={values.is_superuser}
        onChange={({ currentTarget: { checked } }) =>
          set({ is_superuser: checked, ...(checked && { is_auditor: false }) })
        }
      />
      <CheckboxInput
        label="Auditor"
        help="Auditors see every event, and change nothing but their own account."
        checked={values.is_auditor}
        onChange={({ currentTarget: { checked } }) =>
          set({ is_auditor: checked, ...(checked && { is_superuser: false }) })
        }
      />
    </>
  );
}
