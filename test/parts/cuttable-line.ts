import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a browser and the API, and can be cut like a cable. */
export interface CuttableLine {
  /** Where the API is reached through it. */
  readonly address: string;
  /** Ends every connection and takes none until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A line to this address of the loopback interface. */
export async function openCuttableLine(address: string): Promise<CuttableLine> {
  const port = Number(new URL(address).port);
  const open = new Set<Socket>();
  let isCut = false;
  const line = createServer((client) => {
    if (isCut) return void client.destroy();
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      open.add(socket);
      // Each end hears of the other's by its close.
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    address: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}
