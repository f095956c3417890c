import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** Builds the screens into web/dist. Nothing stands in the page itself: the policy that the API sends allows no inline script or style. */
export default defineConfig({
  root: 'web',
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
  },
});
