/** A bare FTPS client that can be told to misbehave. It trusts the given CA and nothing else. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

export interface TestClientOptions {
  port: number;
  ca: string;
  implicit?: boolean;
  tls?: ConnectionOptions;
}

export class TestClient {
  #text = '';
  #waiting: (() => void)[] = [];
  #session: Buffer | undefined;
  #closed = false;
  readonly #dataSockets: Socket[] = [];

  /** Connects and reads the greeting (which `greeting` then holds). */
  static async connect(options: TestClientOptions): Promise<TestClient> {
    const raw = connectTcp({ host: '127.0.0.1', port: options.port });
    raw.on('error', () => {});
    await once(raw, 'connect');
    const client = new TestClient(raw, options);
    if (options.implicit) await client.startTls();
    else client.#attach();
    client.greeting = await client.nextReply();
    return client;
  }

  /** Connected, secured, logged in as u/p, PROT P, TYPE I. */
  static async logIn(options: TestClientOptions): Promise<TestClient> {
    const client = await TestClient.connect(options);
    if (!options.implicit) await client.secure();
    for (const line of ['USER u', 'PASS p', 'PBSZ 0', 'PROT P', 'TYPE I']) await client.command(line);
    return client;
  }

  greeting = '';

  private constructor(
    public stream: Socket | TLSSocket,
    readonly options: TestClientOptions,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  async secure(): Promise<string> {
    const answer = await this.command('AUTH TLS');
    if (answer.startsWith('234')) await this.startTls();
    return answer;
  }

  async startTls(): Promise<void> {
    this.stream.removeAllListeners('data');
    const secure = connectTls(this.#tlsOptions(this.stream));
    secure.on('error', () => {});
    secure.on('session', (session) => {
      this.#session = session;
    });
    await once(secure, 'secureConnect');
    this.stream = secure;
    this.#attach();
  }

  send(text: string | Buffer): void {
    this.stream.write(text);
  }

  async command(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.nextReply();
  }

  /** The next reply, complete and without its last line end; '' when the connection has ended. */
  async nextReply(): Promise<string> {
    for (;;) {
      const match = /^(?:(\d{3})-[\s\S]*?\r\n\1 [^\r]*\r\n|\d{3} [^\r]*\r\n)/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trimEnd();
      }
      if (this.#closed) return '';
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** EPSV and the TCP connection; TLS comes after the command. */
  async openData(): Promise<Socket> {
    const port = /\|\|\|(\d+)\|/.exec(await this.command('EPSV'))?.[1];
    const raw = connectTcp({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
    this.#dataSockets.push(raw);
    raw.on('error', () => {});
    await once(raw, 'connect');
    return raw;
  }

  /** TLS on a data connection, with the session of the control connection unless told otherwise. */
  async secureData(raw: Socket, { reuse = true } = {}): Promise<TLSSocket> {
    const session = reuse && this.#session ? { session: this.#session } : {};
    const secure = connectTls({ ...this.#tlsOptions(raw), ...session });
    secure.on('error', () => {});
    // A server that refuses may end the connection in the middle of the handshake.
    await new Promise<void>((resolve) =>
      secure.once('secureConnect', resolve).once('close', () => resolve()),
    );
    return secure;
  }

  /** A whole download (or listing): the bytes and the final reply. */
  async download(line: string): Promise<{ bytes: Buffer; first: string; last: string; raw: Socket }> {
    const raw = await this.openData();
    const first = await this.command(line);
    if (!first.startsWith('1')) return { bytes: Buffer.alloc(0), first, last: first, raw };
    const secure = await this.secureData(raw);
    const chunks: Buffer[] = [];
    secure.on('data', (chunk: Buffer) => chunks.push(chunk));
    if (!secure.destroyed && !secure.readableEnded)
      await Promise.race([once(secure, 'end'), once(secure, 'close')]);
    secure.destroy();
    return { bytes: Buffer.concat(chunks), first, last: await this.nextReply(), raw };
  }

  /** A whole upload: the final reply. */
  async upload(line: string, bytes: Buffer): Promise<string> {
    const raw = await this.openData();
    const first = await this.command(line);
    if (!first.startsWith('1')) return first;
    const secure = await this.secureData(raw);
    secure.end(bytes);
    return this.nextReply();
  }

  close(): void {
    this.stream.destroy();
    for (const socket of this.#dataSockets) socket.destroy();
  }

  #tlsOptions(socket: Socket): ConnectionOptions {
    return { socket, servername: 'localhost', ca: this.options.ca, ...this.options.tls };
  }

  #attach(): void {
    const wake = () => {
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    this.stream.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('utf8');
      wake();
    });
    this.stream.on('close', () => {
      this.#closed = true;
      wake();
    });
  }
}
