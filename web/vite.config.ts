import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The font that every page begins with is asked for with the page, so that its words needn't move when it comes. */
const fontAhead: Plugin = {
  name: "font-ahead",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle = {} }) {
      const file = Object.keys(bundle).find((name) => /ubuntu-sans-latin-wght-normal.*\.woff2$/.test(name));
      if (file === undefined) return [];
      const attrs = { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `/${file}` };
      return [{ tag: "link", attrs, injectTo: "head" }];
    },
  },
};

const api = process.env["WEB_API"] ?? "http://127.0.0.1:5240";

// oxlint-disable-next-line import/no-default-export -- Vite reads the default export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), fontAhead],
  resolve: {
    // It checks what TypeScript has checked already, and names a foreign address.
    alias: { "prop-types": path.join(import.meta.dirname, "src", "prop-checks.ts") },
  },
  css: {
    preprocessorOptions: {
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"] },
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // A data URL in a style sheet is a font or picture that the policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  experimental: {
    // What a script or a style sheet loads lies beside it, also where the pages are below another path.
    renderBuiltUrl: (_file, { hostType }) => (hostType === "html" ? undefined : { relative: true }),
  },
  // `npm run web` while the pages are worked on: the API is that of a server started beside it.
  server: { proxy: { "/api": api, "/log/": api, "/MAAS": api, "/oidc/": api } },
});
