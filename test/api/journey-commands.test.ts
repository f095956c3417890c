import { derivedId } from '../../api/idempotency.ts';
import { auditor, coordinator, issuer, openRunningApi, parent, type RunningApi, start, startJourney } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi();
});
afterAll(() => api.close());

interface Listed {
  readonly revision: number;
  readonly commands: readonly { readonly name: string; readonly route: string; readonly schema: object }[];
}
const read = async (journeyId: string, who = coordinator): Promise<Listed> =>
  JSON.parse((await api.get(`/v1/journeys/${journeyId}/commands`, who)).body);
const namesOf = ({ commands }: Listed): readonly string[] => commands.map(({ name }) => name);

test('lists the commands of the caller’s role with the schema of each body', async () => {
  const journeyId = await startJourney(api);
  const { revision, commands } = await read(journeyId);
  expect(revision).toBe(1);
  expect(commands).toContainEqual({
    name: 'ClaimTask',
    route: `/v1/journeys/${journeyId}/claim-task`,
    schema: expect.objectContaining({ required: ['taskId'], additionalProperties: false }),
  });
  expect(namesOf(await read(journeyId, parent))).toEqual(expect.arrayContaining(['VerifyIdentity', 'AcceptPrice']));
  expect(namesOf(await read(journeyId, parent))).not.toContain('ClaimTask');
  expect(namesOf(await read(journeyId, auditor))).toEqual([]);
});

test('lists nothing that only the system gives, nor the start', async () => {
  const names = namesOf(await read(await startJourney(api)));
  expect(names).not.toContain('ElapseDeadline');
  expect(names).not.toContain('StartJourney');
});

test('after the end lists only what is still taken', async () => {
  api.know({ start: { onRoster: false } });
  await api.post('/v1/journeys', parent, start, { 'idempotency-key': 'refused-start' });
  api.know({});
  const names = namesOf(await read(derivedId('journey', `${issuer}|${parent.sub}`, 'refused-start')));
  expect(names).toContain('ClaimTask');
  expect(names).not.toContain('QuotePrice');
});

test('a journey that one may not see has no commands', async () => {
  expect((await api.get('/v1/journeys/none/commands', coordinator)).statusCode).toBe(404);
});
