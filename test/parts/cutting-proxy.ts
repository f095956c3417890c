import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and PostgreSQL, and can cut the line at a chosen moment. */
export interface CuttingProxy {
  readonly port: number;
  /** Lets the next statement reach the server and commit, then cuts instead of passing the answer on. */
  cutNextAnswer(): void;
  /** The same for the next statement that holds these words, whoever sends it; resolves when it has been cut. */
  cutAnswerTo(words: string): Promise<void>;
  /** Cuts before the next statement reaches the server. */
  cutNextStatement(): void;
  /** Cuts every line and takes no other. */
  close(): Promise<void>;
}

type Moment = 'never' | 'answer' | 'statement';

/** Type byte and length of ReadyForQuery with an idle transaction status: the server sends it once it has committed. */
const committed = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A proxy to this port of the loopback address. */
export async function openCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let moment: Moment = 'never';
  let wanted: { readonly words: string; readonly cut: () => void } | undefined;
  const open = new Set<Socket>();
  const cut = (...sockets: Socket[]) => {
    moment = 'never';
    for (const socket of sockets) socket.destroy();
  };
  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    for (const socket of [client, server]) {
      open.add(socket);
      // Each end hears of the other's by its close.
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    let told: (() => void) | undefined;
    client.on('data', (bytes) => {
      if (moment === 'statement') return cut(client, server);
      if (wanted && bytes.includes(wanted.words)) {
        told = wanted.cut;
        wanted = undefined;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (moment !== 'answer' && !told) return void client.write(bytes);
      if (!bytes.includes(committed)) return;
      cut(client, server);
      told?.();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    cutNextAnswer: () => {
      moment = 'answer';
    },
    cutAnswerTo: (words) =>
      new Promise((resolve) => {
        wanted = { words, cut: resolve };
      }),
    cutNextStatement: () => {
      moment = 'statement';
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
