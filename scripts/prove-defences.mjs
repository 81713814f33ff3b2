/** `npm run prove-defences`: what is said in the program itself, which runs from source. */
import './load-source.mjs';

await import('../packages/transports/src/hostile/prove-defences.ts');
