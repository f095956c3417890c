// The running API: the app, its metrics and its settings put together.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ConfigWith } from '../config.ts';
import { type ApiParts, createApp, defaultLimits, type Limits } from './app.ts';
import { createMetrics, serveMetrics } from './metrics.ts';

export type ApiConfig = ConfigWith<'jwks' | 'jwtIssuer' | 'jwtAudience'>;

/** What the composer opened and closes again. */
export interface ApiResources extends Omit<ApiParts, 'auth' | 'logger' | 'limits' | 'metrics'> {
  readonly limits?: Partial<Limits>;
}

export interface Api {
  readonly app: FastifyInstance;
  /** Listens where the configuration says. Returns the address, such as `http://127.0.0.1:8080`, and the port of the metrics. */
  listen(): Promise<{ readonly address: string; readonly metricsPort?: number }>;
  close(): Promise<void>;
}

/** Makes the API from the configuration and what it reaches. @throws Error when it would open a production system to development */
export async function composeApi(config: ApiConfig, { limits, ...resources }: ApiResources): Promise<Api> {
  const production = config.nodeEnv === 'production';
  if (production && resources.development) throw new Error('the journey clock cannot be moved in production');
  const metrics = createMetrics({ process: config.metricsPort !== undefined });
  const app = await createApp({
    ...resources,
    metrics,
    limits: { ...defaultLimits, ...limits },
    logger: { level: config.logLevel },
    auth: { keys: config.jwks, issuer: config.jwtIssuer, audience: config.jwtAudience, production },
  });
  let server: Awaited<ReturnType<typeof serveMetrics>> | undefined;
  return {
    app,
    async listen() {
      const { apiHost: host, apiPort: port, metricsPort } = config;
      const address = await app.listen({ host, port });
      if (metricsPort === undefined) return { address };
      server = await serveMetrics(metrics, { host, port: metricsPort });
      return { address, metricsPort: (server.address() as AddressInfo).port };
    },
    async close() {
      await app.close();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    },
  };
}
