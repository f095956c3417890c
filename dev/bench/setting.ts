// Everything the bench measures on: a PostgreSQL and a Temporal of its own, and a clinic large enough that callers do not meet.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { commitmentKeyOf, loadKeyFile } from '../../store/key-file.ts';
import type { Clock } from '../../store/ports.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { registerStage } from '../../worker/search-attribute.ts';
import { payloadCodec } from '../../workflows/codec.ts';
import { senderConnection } from '../../workflows/send.ts';
import { clinic, firstMorning, firstPlay, inForceFrom } from '../clinic.ts';
import { castOf, textsOf } from '../demo.ts';
import { startTemporal } from '../embedded/temporal.ts';
import type { Cast } from '../journeys/step.ts';
import { familyOf, loadPopulation } from '../population.ts';
import { openSecrets } from '../secrets.ts';
import { seed, slotsOf } from '../seed.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';

export interface Setting {
  readonly folder: string;
  readonly temporal: string;
  readonly temporalPid: number;
  readonly postgresPid: number;
  readonly keyFile: string;
  readonly client: Client;
  /** Pools of the writer's, the owner's and the projector's role. */
  readonly writer: Pool;
  readonly owner: Pool;
  readonly projector: Pool;
  readonly databaseUrl: (role: 'owner' | 'writer' | 'projector' | 'api') => string;
  /** References of stored texts, by the names that the steps of J-1 use. */
  readonly reference: (text: string) => string;
  /** The cast of one caller's next journey: an area of the caller's own, and a visitor who has not been anywhere yet. */
  readonly castFor: (caller: number) => Cast;
  stop(): Promise<void>;
}

/** Callers that may be active at once. */
export const callers = 16;
const visitorsOfCaller = 120;
/** As many visits at once as a slot can be given. */
const visitsOfSlot = 1_000;

/** Brings the parts up. @throws Error when one does not come up */
export async function openSetting(print: (line: string) => void): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'caretrail-bench-'));
  const secrets = await openSecrets(join(folder, 'keys'));
  print('PostgreSQL, Temporal and a clinic …');
  const database = await openOwnDatabase(folder);
  const temporal = await startTemporal({ inMemory: true, log: join(folder, 'temporal.log') });
  const masterKey = await loadKeyFile(secrets.keyFile);
  const [writer, owner, projector] = (['writer', 'owner', 'projector'] as const).map((role) => openPool(database.url(role), 20)) as [
    Pool,
    Pool,
    Pool,
  ];
  const connection = await Connection.connect({ address: temporal.address, ...senderConnection });
  await registerStage(connection, 'default');
  const clinicReady = await loadClinic(writer, masterKey);
  return {
    folder,
    temporal: temporal.address,
    temporalPid: temporal.pid ?? 0,
    postgresPid: database.pid,
    keyFile: secrets.keyFile,
    client: new Client({ connection, dataConverter: { payloadCodecs: [payloadCodec(masterKey)] } }),
    writer,
    owner,
    projector,
    databaseUrl: (role) => database.url(role),
    ...clinicReady,
    async stop() {
      await connection.close();
      await temporal.stop();
      await Promise.all([writer, owner, projector].map((pool) => pool.end()));
      await database.stop();
      await removeOwnDatabase(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sample clinic with its first family, and for each caller an area with slots and visitors of its own. */
async function loadClinic(writer: Pool, masterKey: Buffer): Promise<Pick<Setting, 'reference' | 'castFor'>> {
  const store = openEventStore(writer);
  const clock: Clock = { now: async () => firstMorning, realTimeOf: async () => undefined };
  const vault = openVault(writer, masterKey);
  const report = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const references = createReferences(store);
  const { execute } = createStreams({ store, clock, vault, references, commitmentKey: commitmentKeyOf(masterKey), report });
  const population = loadPopulation();
  const family = familyOf(population);
  const adults = population.filter(({ birthDate }) => birthDate < '2000').slice(0, 80);
  await seed({ executeOn: execute, vault }, [...new Set([family.child, family.parent, ...adults])]);
  const give = async (category: string, id: string, type: string, data: object): Promise<void> => {
    const actor = { kind: 'person', id: 'bench', role: type === 'OpenVisitorShift' ? 'D' : 'O' } as const;
    const answer = await execute(category, id, { id: `bench:${type}:${id}`, type, data, actor, source: 'seed' });
    if (!answer.accepted) throw new Error(`${type} was refused: ${answer.code}`);
  };
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const areaId = areaOf(caller);
      await give('area', areaId, 'OpenServiceArea', { areaId, postalCodes: [postalCodeOf(caller)], modalities: ['home'], on: inForceFrom });
      const { date, slots } = slotsOf(firstPlay);
      const own = slots.map((slot) => ({ ...slot, slotId: slot.slotId.replace(clinic.areaId, areaId), count: visitsOfSlot }));
      await give('capacity', `${areaId}_${date}`, 'PublishSlotCapacity', { areaId, date, slots: own });
      for (let n = 0; n < visitorsOfCaller; n += 1) {
        const shift = { at: inForceFrom, areaId, skills: ['swab', 'vitals'], states: ['WA'], supplies: ['strep-test'] };
        await give('visitor', visitorOf(caller, n), 'OpenVisitorShift', { visitorId: visitorOf(caller, n), ...shift });
      }
    }),
  );
  const texts: Readonly<Record<string, string>> = textsOf(family.child);
  const names = ['identifiers', 'address', 'answers', 'note', 'rationale', 'summary', 'visit summary'];
  const stored = new Map<string, string>();
  for (const name of names) stored.set(name, await vault.put(family.child.patientId, 'bench', texts[name] ?? name));
  const sent = new Map<number, number>();
  return {
    reference: (text) => stored.get(text) ?? '',
    castFor: (caller) => {
      const visits = (sent.get(caller) ?? -1) + 1;
      if (visits === visitorsOfCaller) throw new Error(`caller ${caller} has no visitor left`);
      sent.set(caller, visits);
      const own = { areaId: areaOf(caller), areaKey: postalCodeOf(caller), visitorId: visitorOf(caller, visits) };
      return { ...castOf(family, firstPlay), ...own };
    },
  };
}

const areaOf = (caller: number): string => `bench-area-${caller}`;
const postalCodeOf = (caller: number): string => String(90_001 + caller);
const visitorOf = (caller: number, n: number): string => `bench-visitor-${caller}-${n}`;
