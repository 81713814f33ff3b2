/**
 * The delaying proxy as a process of its own, so that its work loads neither the event loop of a client nor ours.
 *
 *     proxy-process.js CONTROL_PORT FIRST_PASSIVE_PORT LAST_PASSIVE_PORT DELAY_MS
 *
 * Says "ready" to its parent, and ends with it.
 */
import { startDelayingProxy } from '@waybill/testing/proxies/delaying-proxy.js';

const [port = 0, first = 0, last = 0, delayMs = 0] = process.argv.slice(2).map(Number);
await startDelayingProxy({ port, passivePorts: { first, last } }, delayMs);
process.send?.('ready');
