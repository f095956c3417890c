/** One message of a stream of server-sent events. */
export interface Heard {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly journeyId: string; readonly position: number };
}

/** Listens to a stream of server-sent events. */
export interface Listener {
  /** The next message of this kind; those before it are dropped. */
  next(event: string): Promise<Heard>;
  close(): void;
  /** Resolves when the other end has ended the stream. */
  readonly ended: Promise<void>;
}

/** @throws Error when the answer is no stream */
export async function listen(url: string, headers: Readonly<Record<string, string>>): Promise<Listener> {
  const end = new AbortController();
  const answer = await fetch(url, { headers, signal: end.signal });
  if (!answer.ok || !answer.body) throw new Error(`the stream was answered ${answer.status}`);
  const heard: Heard[] = [];
  let rouse = (): void => undefined;
  const ended = read(answer.body, (message) => {
    heard.push(message);
    rouse();
  });
  return {
    ended: ended.catch(() => undefined),
    close: () => end.abort(),
    async next(event) {
      for (;;) {
        const message = heard.shift();
        if (message?.event === event) return message;
        if (message) continue;
        await new Promise<void>((resolve) => {
          rouse = resolve;
        });
      }
    },
  };
}

async function read(body: ReadableStream<Uint8Array>, tell: (message: Heard) => void): Promise<void> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.event) tell({ event: fields.event, id: fields.id, data: JSON.parse(fields.data) });
    }
  }
}
