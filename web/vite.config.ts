import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// `./dev web` names the server that answers the API; the build has none.
const server = process.env.MUSTER_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false }, // it would be an inline script
    assetsInlineLimit: 0, // data: addresses are foreign to the Content-Security-Policy
    sourcemap: false,
  },
  server: { proxy: { '/api': server, '/v1': server, '/version': server } },
});
