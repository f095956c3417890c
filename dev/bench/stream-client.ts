// Whoever listens to the board: a client of the stream that knows when each journey's row came.
import { request } from 'node:http';

export interface Listener {
  /** When the journey's row first arrived, in the milliseconds of `performance.now()`; waits for one that is still to come. */
  arrival(journeyId: string): Promise<number>;
  end(): void;
}

/** Opens a line; it listens when this returns. @throws Error when the answer is no stream */
export async function listen(url: string, token: string): Promise<Listener> {
  const arrived = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const take = (journeyId: string, at: number): void => {
    if (arrived.has(journeyId)) return;
    arrived.set(journeyId, at);
    waiting.get(journeyId)?.(at);
  };
  const asked = request(url, { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } });
  await new Promise<void>((resolve, reject) => {
    asked.once('error', reject);
    asked.once('response', (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`the stream answered ${answer.statusCode}`));
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).split('\n\n').reduce((rest, message, index, all) => {
          if (index === all.length - 1) return message;
          readMessage(message, take);
          return rest;
        }, '');
        resolve();
      });
      answer.once('error', () => undefined);
    });
    asked.end();
  });
  return {
    arrival: async (journeyId) => arrived.get(journeyId) ?? new Promise((resolve) => void waiting.set(journeyId, resolve)),
    end: () => void asked.destroy(),
  };
}

function readMessage(message: string, take: (journeyId: string, at: number) => void): void {
  const fields = Object.fromEntries(
    message.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
  if (fields.event !== 'row') return;
  const { journeyId } = JSON.parse(fields.data ?? '') as { readonly journeyId: string };
  take(journeyId, performance.now());
}
