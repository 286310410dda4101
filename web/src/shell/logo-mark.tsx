/** Ironlog's mark. */
export function LogoMark() {
  return (
    <svg className="ui-logo__mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 4h12v4H4zM4 10h8v4H4zM4 16h16v4H4z" />
    </svg>
  );
}
