import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the API counts. The registry is a value: whoever made it serves it. */
export interface Metrics {
  readonly registry: Registry;
  /** `answer` is `accepted` or the code of the refusal; `seconds` from the command to its record. */
  commandAnswered(command: string, answer: string, seconds: number): void;
  requestTook(route: string, method: string, status: number, seconds: number): void;
}

const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Fresh counters; `process` adds those of the process itself, which a second registry in the same process must leave out. */
export function createMetrics({ process = false }: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const commands = new Counter({
    name: 'caretrail_commands_total',
    help: 'Commands given through the API, by name and answer.',
    labelNames: ['command', 'answer'],
    registers: [registry],
  });
  const recorded = new Histogram({
    name: 'caretrail_command_recorded_seconds',
    help: 'Time from a command at the API to its recorded answer.',
    labelNames: ['command'],
    buckets: [...durations],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'caretrail_http_request_duration_seconds',
    help: 'How long a request took.',
    labelNames: ['route', 'method', 'status'],
    buckets: [...durations],
    registers: [registry],
  });
  return {
    registry,
    commandAnswered: (command, answer, seconds) => {
      commands.inc({ command, answer });
      recorded.observe({ command }, seconds);
    },
    requestTook: (route, method, status, seconds) => requests.observe({ route, method, status }, seconds),
  };
}

/** Serves `/metrics` on a port of its own, which is not meant for the public. */
export async function serveMetrics(
  { registry }: Pick<Metrics, 'registry'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server;
}
