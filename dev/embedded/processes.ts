import { join } from 'node:path';
import { developmentIssuer } from '../../config.ts';
import type { RoleName } from '../../store/postgres/cluster.ts';
import { answers, type Child, startChild } from '../child.ts';
import { partyNames } from '../partners/party.ts';
import { tokenOf } from '../partners/tokens.ts';
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
  /** Port of the stand-ins; a free one without it. */
  readonly partnersPort?: number;
  readonly jwksFile: string;
  /** Takes the logs and the partners' ledgers. */
  readonly folder: string;
  /** Where each process shows its metrics; a process without a port shows none. */
  readonly metricsPorts?: Readonly<Partial<Record<Measured, number>>>;
  /** What worker, views and API have in their environment besides. */
  readonly besides?: Readonly<Record<string, string>>;
  /** The folder of the build; the project's own without it. */
  readonly built?: string;
}

/** Starts one of the processes, with more in its environment than the others have. */
export type StartProcess = (more?: Readonly<Record<string, string>>) => Promise<Child>;
export type ProcessName = 'partners' | 'worker' | 'projections' | 'api';

type Measured = 'worker' | 'projections' | 'api';

/** Three free ports, one for the metrics of each process. */
export const findMetricsPorts = async (): Promise<Readonly<Record<Measured, number>>> => ({
  worker: await freePort(),
  projections: await freePort(),
  api: await freePort(),
});

/** The partners' stand-ins, the worker, the views and the API, each as its own process with what the environment tells it; ready when this returns. */
export async function startProcesses(options: ProcessesOptions): Promise<readonly Child[]> {
  const start = await processes(options);
  return [await start.partners(), await start.worker(), await start.projections(), await start.api()];
}

/** What starts each process, as often as it is wanted; the API is ready when its start returns. */
export async function processes(options: ProcessesOptions): Promise<Readonly<Record<ProcessName, StartProcess>>> {
  const { port, partnerSecret, folder, besides, built = join(projectRoot, 'dist') } = options;
  const partnersPort = options.partnersPort ?? (await freePort());
  const api = `http://127.0.0.1:${port}`;
  const logOf = (name: string): string => join(folder, 'logs', `${name}.log`);
  const starter =
    (name: ProcessName, script: string, env: Readonly<Record<string, string>>): StartProcess =>
    (more = {}) =>
      startChild(name, join(built, script), { ...env, ...more }, logOf(name));
  const env = settings(options, `http://127.0.0.1:${partnersPort}`);
  const metrics = (of: Measured): Record<string, string> => {
    const metricsPort = options.metricsPorts?.[of];
    return metricsPort === undefined ? {} : { CARETRAIL_METRICS_PORT: String(metricsPort) };
  };
  const startApi = starter('api', 'api/main.js', { ...env, ...metrics('api') });
  return {
    partners: starter('partners', 'dev/partners/main.js', {
      PARTNERS_PORT: String(partnersPort),
      PARTNERS_API: api,
      PARTNERS_SECRET: partnerSecret,
      PARTNERS_FOLDER: join(folder, 'partners'),
    }),
    worker: starter('worker', 'worker/main.js', { ...env, ...metrics('worker') }),
    projections: starter('projections', 'projections/main.js', {
      ...besides,
      CARETRAIL_DATABASE_PROJECTOR_URL: options.databaseUrl('projector'),
      ...metrics('projections'),
    }),
    api: async (more) => {
      const child = await startApi(more);
      await answers(`${api}/health/ready`, child, logOf('api'));
      return child;
    },
  };
}

function settings(
  { port, databaseUrl, temporal, taskQueue = 'journeys', keyFile, partnerSecret, jwksFile, besides }: ProcessesOptions,
  partners: string,
): Record<string, string> {
  return {
    ...besides,
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
    ...Object.fromEntries(partyNames.map((party) => [`CARETRAIL_${party.toUpperCase()}_URL`, `${partners}/${party}`])),
    ...Object.fromEntries(partyNames.map((party) => [`CARETRAIL_${party.toUpperCase()}_TOKEN`, tokenOf(partnerSecret, party)])),
  };
}
