// Server-sent events, written on the raw answer.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** One message to whoever listens. */
export interface Message {
  readonly event: string;
  /** What the listener names when it comes back. */
  readonly id: number;
  readonly data: unknown;
}

/** A line to one listener. */
export interface Line {
  readonly ended: AbortSignal;
  /** Returns when the listener has room for more. */
  send(message: Message): Promise<void>;
  end(): void;
  /** Ends it at once, whether or not the listener has read what was sent. */
  cut(): void;
}

const retryMs = 2_000;

/** Begins the answer with these headers and keeps it open. */
export function openLine(response: ServerResponse, headers: Readonly<Record<string, string | string[] | number | undefined>>): Line {
  const gone = new AbortController();
  const given = Object.entries(headers).filter((header): header is [string, string | string[] | number] => header[1] !== undefined);
  response.on('close', () => gone.abort());
  response.writeHead(200, {
    ...Object.fromEntries(given),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${retryMs}\n\n`);
  return {
    ended: gone.signal,
    async send({ event, id, data }) {
      if (gone.signal.aborted || response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`)) return;
      await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
    },
    end: () => void response.end(),
    cut: () => void response.destroy(),
  };
}
