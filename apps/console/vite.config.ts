import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));

/** `WAYBILL_API_URL` is where the development server finds the API. */
export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [{ find: /^@waybill\/([a-z-]+)\/(.*)\.js$/, replacement: `${packages}/$1/src/$2.ts` }],
  },
  build: {
    target: 'es2022',
    // Assets are never inlined: the console runs under `script-src 'self'; font-src 'self'`.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': process.env['WAYBILL_API_URL'] ?? 'http://127.0.0.1:3000' },
  },
});
