import { type AddressInfo, createServer } from 'node:net';

/** A port of the loopback address that nobody listens on now: the wished one if that is free. */
export async function freePort(wished = 0): Promise<number> {
  const port = await tryPort(wished).catch((error: NodeJS.ErrnoException) => {
    if (wished === 0 || error.code !== 'EADDRINUSE') throw error;
  });
  return port ?? tryPort(0);
}

async function tryPort(wished: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wished, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
