import { join } from 'node:path';
import { developmentIssuer } from '../../config.ts';
import type { RoleName } from '../../store/postgres/cluster.ts';
import { answers, type Child, startChild } from '../child.ts';
import { projectRoot } from '../project-root.ts';
import { audience } from '../tokens.ts';
import { freePort } from './free-port.ts';

export interface ProcessesOptions {
  /** Port of the API. */
  readonly port: number;
  readonly databaseUrl: (role: RoleName) => string;
  /** Address of the Temporal server. */
  readonly temporal: string;
  readonly taskQueue?: string;
  readonly keyFile: string;
  readonly partnerSecret: string;
  readonly jwksFile: string;
  /** Takes the logs and the partners' ledgers. */
  readonly folder: string;
  /** Where each process shows its metrics; a process without a port shows none. */
  readonly metricsPorts?: Readonly<Partial<Record<Measured, number>>>;
}

type Measured = 'worker' | 'projections' | 'api';

/** Three free ports, one for the metrics of each process. */
export const findMetricsPorts = async (): Promise<Readonly<Record<Measured, number>>> => ({
  worker: await freePort(),
  projections: await freePort(),
  api: await freePort(),
});

const parties = ['eligibility', 'safety', 'pharmacy', 'courier', 'payment', 'notices'];

/** The partners' stand-ins, the worker, the views and the API, each as its own process with what the environment tells it; ready when this returns. */
export async function startProcesses(options: ProcessesOptions): Promise<readonly Child[]> {
  const { port, partnerSecret, folder } = options;
  const partnersPort = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const logOf = (name: string): string => join(folder, 'logs', `${name}.log`);
  const start = (name: string, script: string, env: Readonly<Record<string, string>>): Promise<Child> =>
    startChild(name, join(projectRoot, 'dist', script), env, logOf(name));
  const env = settings(options, `http://127.0.0.1:${partnersPort}`);
  const partners = await start('partners', 'dev/partners/main.js', {
    PARTNERS_PORT: String(partnersPort),
    PARTNERS_API: api,
    PARTNERS_SECRET: partnerSecret,
    PARTNERS_FOLDER: join(folder, 'partners'),
  });
  const metrics = (of: Measured): Record<string, string> => {
    const metricsPort = options.metricsPorts?.[of];
    return metricsPort === undefined ? {} : { CARETRAIL_METRICS_PORT: String(metricsPort) };
  };
  const worker = await start('worker', 'worker/main.js', { ...env, ...metrics('worker') });
  const projections = await start('projections', 'projections/main.js', {
    CARETRAIL_DATABASE_PROJECTOR_URL: options.databaseUrl('projector'),
    ...metrics('projections'),
  });
  const apiChild = await start('api', 'api/main.js', { ...env, ...metrics('api') });
  await answers(`${api}/health/ready`, apiChild, logOf('api'));
  return [partners, worker, projections, apiChild];
}

function settings(
  { port, databaseUrl, temporal, taskQueue = 'journeys', keyFile, partnerSecret, jwksFile }: ProcessesOptions,
  partners: string,
): Record<string, string> {
  return {
    CARETRAIL_DATABASE_WRITER_URL: databaseUrl('writer'),
    CARETRAIL_DATABASE_API_URL: databaseUrl('api'),
    CARETRAIL_TEMPORAL_ADDRESS: temporal,
    CARETRAIL_TASK_QUEUE: taskQueue,
    CARETRAIL_KEY_FILE: keyFile,
    CARETRAIL_API_PORT: String(port),
    CARETRAIL_JWKS: jwksFile,
    CARETRAIL_JWT_ISSUER: developmentIssuer,
    CARETRAIL_JWT_AUDIENCE: audience,
    CARETRAIL_PARTNER_SECRET: partnerSecret,
    CARETRAIL_JOURNEY_CLOCK: 'journey',
    ...Object.fromEntries(parties.map((party) => [`CARETRAIL_${party.toUpperCase()}_URL`, `${partners}/${party}`])),
  };
}
