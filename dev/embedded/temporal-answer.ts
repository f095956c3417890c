import { connect } from 'node:net';
import { Connection } from '@temporalio/client';

/** Whether the server takes calls to its default namespace now. */
export async function hasAnswered(address: string): Promise<boolean> {
  // A gRPC connection that fails once waits a second before it tries again; a bare socket tells at once.
  if (!(await isListening(address))) return false;
  // Without the interceptor that repeats calls: a repetition that waits when the connection is closed ends the whole process.
  const connection = Connection.lazy({ address, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace: 'default' }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect({ host: hostname, port: Number(port), timeout: 2_000 });
  return new Promise((done) => {
    const settle = (answer: boolean) => () => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
}
