import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';

const TYPE_AAAA = 28;

export interface DnsServer {
  /** Every question, as "name A" or "name AAAA", in order. */
  questions: string[];
  /** Asks this server for all addresses of a name, IPv4 first. Rejects where it has none. */
  lookUp(name: string): Promise<{ address: string }[]>;
  stop(): Promise<void>;
}

/**
 * Starts a name server on loopback (RFC 1035) whose answers may change from one question to the next, with a time to
 * live of nothing.
 * @param answer the addresses of a name when it is asked for the n-th time, counted from 1 for each kind; null for no
 *   answer at all
 */
export async function startDnsServer(
  answer: (name: string, times: number) => string[] | null,
): Promise<DnsServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4', (query, from) => {
    const { name, type, end } = readQuestion(query);
    const question = `${name} ${type === TYPE_AAAA ? 'AAAA' : 'A'}`;
    questions.push(question);
    const addresses = answer(name, questions.filter((one) => one === question).length);
    if (addresses === null) return;
    const records = addresses
      .filter((address) => isIPv6(address) === (type === TYPE_AAAA))
      .map((address) => addressRecord(type, bytesOf(address)));
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // A response, authoritative, recursion available, no error; one question, so many answers.
    header.writeUInt16BE(0x8480, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 30_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    questions,
    async lookUp(name) {
      const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      if (addresses.length === 0) throw new Error(`${name} is not known`);
      return addresses.map((address) => ({ address }));
    },
    async stop() {
      resolver.cancel();
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The name as a pointer to the question, the kind, class IN, no time to live, the address. */
function addressRecord(type: number, address: Buffer): Buffer {
  const fixed = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length]);
  return Buffer.concat([fixed, address]);
}

function bytesOf(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = [], after = []] = canonical
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))));
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 255]));
}
