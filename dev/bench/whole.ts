// The whole system in processes of their own, for the measures that no part can give alone: as `npm start` brings it up, in a folder of the bench.
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { hour } from '../../domain/kernel/time.ts';
import { loadKeyFile } from '../../store/key-file.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { payloadCodec } from '../../workflows/codec.ts';
import { createSender, type Sender, senderConnection } from '../../workflows/send.ts';
import type { Child } from '../child.ts';
import { firstMorning, firstPlay } from '../clinic.ts';
import { castOf } from '../demo.ts';
import type { Database } from '../embedded/database.ts';
import { freePort } from '../embedded/free-port.ts';
import { killServer } from '../embedded/postgres-process.ts';
import { type ProcessName, processes, type StartProcess } from '../embedded/processes.ts';
import { type RunningTemporal, startTemporal } from '../embedded/temporal.ts';
import type { System } from '../journeys/drive.ts';
import { j1 } from '../journeys/j1.ts';
import type { Cast } from '../journeys/step.ts';
import { familyOf, loadPopulation } from '../population.ts';
import { openSecrets, type Secrets } from '../secrets.ts';
import { identities, openIssuer, tokensOf } from '../tokens.ts';
import { openPlay } from './caller.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';

export interface Whole extends System {
  /** The servers as they run now. */
  readonly database: Database;
  readonly temporal: RunningTemporal;
  readonly children: ReadonlyMap<ProcessName, Child>;
  /** Ids of all that was started here and is no child of the bench. */
  readonly pids: readonly number[];
  /** Whoever acts for J-1's patient. */
  readonly proxyId: string;
  /** What J-1's patient asks for, as the body of `POST /v1/journeys`. */
  readonly request: object;
  /** Begins a journey of J-1 through the runner; the journey stays open. @throws Error when it is refused */
  begin(journeyId: string): Promise<void>;
  /** Starts the servers and these processes, after a kill too; an API is ready when this returns. */
  start(...names: readonly ProcessName[]): Promise<void>;
  /** SIGKILL for every process and server, all at once; what they have stored stays. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The children that are up before the API, in their order. */
const everything: readonly ProcessName[] = ['partners', 'worker', 'projections', 'api'];
const runLength = 4;

/** Brings the servers up with the sample clinic, journey time running from nine in the morning of J-1's first day. */
export async function startWhole(folder: string, names: readonly ProcessName[] = everything): Promise<Whole> {
  const whole = new Running(folder, await openSecrets(join(folder, 'keys')));
  await whole.start(...names);
  return whole;
}

class Running implements Whole {
  api = '';
  tokens = {};
  database!: Database;
  temporal!: RunningTemporal;
  readonly children = new Map<ProcessName, Child>();
  private connection: Connection | undefined;
  private sender: Sender | undefined;
  private cast: Cast | undefined;
  private readonly folder: string;
  private readonly secrets: Secrets;

  constructor(folder: string, secrets: Secrets) {
    this.folder = folder;
    this.secrets = secrets;
  }

  get pids(): readonly number[] {
    return [this.database.pid, this.temporal.pid ?? 0, ...[...this.children.values()].map(({ process }) => process.pid ?? 0)];
  }

  get proxyId(): string {
    return this.cast?.proxyId ?? '';
  }

  get request(): object {
    if (!this.cast) throw new Error('the clinic is not loaded');
    return j1(this.cast)[0]?.data(() => '', String) ?? {};
  }

  async start(...names: readonly ProcessName[]): Promise<void> {
    const { folder } = this;
    const temporal = startTemporal({ folder: join(folder, 'temporal-data'), log: join(folder, 'temporal.log') });
    this.database = await openOwnDatabase(folder);
    this.temporal = await temporal;
    await this.loadClinic();
    const launch = await this.launcher();
    for (const name of names) this.children.set(name, await launch[name]());
  }

  private async launcher(): Promise<Readonly<Record<ProcessName, StartProcess>>> {
    const { folder, secrets } = this;
    const port = await freePort();
    this.api = `http://127.0.0.1:${port}`;
    const { keyFile, partnerSecret } = secrets;
    const { jwksFile } = await openIssuer(join(folder, 'keys'));
    return processes({ port, databaseUrl: this.database.url, temporal: this.temporal.address, keyFile, partnerSecret, jwksFile, folder });
  }

  /** The first time only: afterwards it is there. */
  private async loadClinic(): Promise<void> {
    if (this.cast) return;
    const population = loadPopulation();
    const family = familyOf(population);
    await this.database.prepare([family.child, family.parent]);
    const pool = openPool(this.database.url('writer'), 1);
    await openJourneyClock(pool).set({ at: firstMorning + 2 * hour, scale: 1 });
    await pool.end();
    this.cast = castOf(family, firstPlay);
    const { sign } = await openIssuer(join(this.folder, 'keys'));
    this.tokens = await tokensOf(sign, identities(family));
  }

  async begin(journeyId: string): Promise<void> {
    this.sender ??= await this.connect();
    if (!this.cast) throw new Error('the clinic is not loaded');
    await openPlay({ journeyId, send: this.sender.send, cast: this.cast, reference: () => '', isIdle: false }).next();
  }

  private async connect(): Promise<Sender> {
    this.connection = await Connection.connect({ address: this.temporal.address, ...senderConnection });
    const dataConverter = { payloadCodecs: [payloadCodec(await loadKeyFile(this.secrets.keyFile))] };
    return createSender({ client: new Client({ connection: this.connection, dataConverter }), taskQueue: 'journeys', runLength });
  }

  async kill(): Promise<void> {
    const ended = [...this.children.values()].map(({ process: child }) => {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      return gone;
    });
    await Promise.all([...ended, killServer(this.database.pid), this.temporal.kill()]);
    this.children.clear();
    await this.disconnect();
    await this.database.stop();
  }

  async stop(): Promise<void> {
    await this.disconnect();
    for (const child of [...this.children.values()].toReversed()) await child.stop();
    await this.temporal.stop();
    await this.database.stop();
    await removeOwnDatabase(this.folder);
  }

  private async disconnect(): Promise<void> {
    await this.connection?.close();
    this.connection = undefined;
    this.sender = undefined;
  }
}
