import makeCode from "qrcode-generator";

/** A quiet zone of four modules: ISO/IEC 18004. */
const margin = 4;

/** Text as a QR code: dark on light in either theme, since few cameras read the inverse. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const code = makeCode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const all = Array.from({ length: count }, (_, at) => at);
  const dark = all.flatMap((row) => all.filter((column) => code.isDark(row, column)).map((column) => [row, column]));
  const path = dark.map(([row = 0, column = 0]) => `M${column + margin} ${row + margin}h1v1h-1z`).join("");
  const size = count + 2 * margin;
  return (
    <svg className="ui-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
