import { namesTwice } from '../../api/json-body.ts';
import { coordinator, openRunningApi, parent, type RunningApi, start } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi(({ limits }) => ({ limits: { ...limits, bodyBytes: 4_000 } }));
});
afterAll(() => api.close());

const secret = 'hunter2-hunter2';

test('an unknown field is an error that names the known ones and never the sent one', async () => {
  const answered = await api.post('/v1/journeys', parent, { ...start, [secret]: secret });
  expect(answered.statusCode).toBe(422);
  expect(answered.json()).toMatchObject({
    code: 'input-invalid',
    errors: [{ field: '', problem: 'holds a field that is not known here', remedy: expect.stringContaining('patientId') }],
  });
  expect(answered.body).not.toContain(secret);
});

test('every wrong field is named with what is expected, and never with what it held', async () => {
  const { employerId: _missing, ...wrong } = { ...start, patientId: `${secret} <script>`, modality: secret, zone: secret };
  const answered = await api.post('/v1/journeys', parent, wrong);
  expect(answered.json().errors).toEqual([
    { field: 'patientId', problem: 'has the wrong form', remedy: expect.stringContaining('^[A-Za-z0-9]') },
    { field: 'employerId', problem: 'is missing', remedy: 'Send a value of type string.' },
    { field: 'modality', problem: 'is none of the allowed values', remedy: 'Send one of: async, video, chat, phone, clinicSite.' },
    { field: 'zone', problem: 'is no IANA time zone', remedy: expect.any(String) },
  ]);
  expect(answered.body).not.toContain(secret);
});

test('a key of a record is not repeated either', async () => {
  const answers = { version: 2, codedAnswers: { [`${secret} ${secret}`]: true, fever: [] }, answersRef: 'r' };
  const answered = await api.post('/v1/journeys/none/submit-questionnaire', parent, answers);
  expect(answered.statusCode).toBe(422);
  expect(answered.json().errors.map(({ field }) => field)).toEqual(['codedAnswers.*', 'codedAnswers.*']);
  expect(answered.body).not.toContain(secret);
});

test.each([
  ['text of the wrong type', { text: 7 }, 'is of the wrong type'],
  ['no text', { text: '' }, 'is too small'],
  ['too long a text', { text: 'x'.repeat(40_001) }, 'is too large'],
])('%s is refused', async (_what, body, problem) => {
  const answered = await api.post('/v1/journeys/none/texts', coordinator, body);
  expect(answered.json()).toMatchObject({ status: 422, errors: [{ field: 'text', problem }] });
});

test.each([
  ['no JSON at all', '{"patientId": '],
  ['nothing', ''],
  ['a prototype', '{"__proto__": {"role": "L"}}'],
  ['a constructor', '{"constructor": {"prototype": {"role": "L"}}}'],
])('%s is no JSON that is read', async (_what, body) => {
  const answered = await api.post('/v1/journeys', parent, body);
  expect(answered.statusCode).toBe(400);
  expect(answered.json().code).toBe('json-malformed');
  expect(answered.json().detail).toBe('The body is no JSON that can be read.');
});

test('of two fields with one name none counts', async () => {
  const twice = `{"modality":"telepathy",${JSON.stringify(start).slice(1)}`;
  expect((await api.post('/v1/journeys', parent, twice)).json()).toMatchObject({ status: 400, code: 'json-ambiguous' });
});

test.each(['null', '[]', '"text"', '7'])('%s is no object', async (body) => {
  expect((await api.post('/v1/journeys', parent, body)).json().code).toBe('input-invalid');
});

test('deep nesting ends at a limit', async () => {
  const answered = await api.post('/v1/journeys', parent, `{"a":${'['.repeat(500)}${']'.repeat(500)}}`);
  expect(answered.json()).toMatchObject({ status: 422, errors: [{ problem: 'is nested too deeply' }] });
});

test.each(['\\u0000', '\\ud800', 'x\\udfff'])('%s cannot be stored', async (character) => {
  const answered = await api.post('/v1/journeys/none/texts', coordinator, `{"text":"${character}"}`);
  expect(answered.json()).toMatchObject({ status: 422, errors: [{ problem: 'holds a character that cannot be stored' }] });
});

test('other languages and symbols can', async () => {
  const answered = await api.post('/v1/patients/patient-1/texts', parent, { text: 'Müde 😷 疲れた' });
  expect(answered.statusCode).toBe(201);
});

test('another content type is refused', async () => {
  const answered = await api.post('/v1/journeys', parent, JSON.stringify(start), { 'content-type': 'text/plain' });
  expect(answered.statusCode).toBe(415);
  expect(answered.json().code).toBe('content-type-unsupported');
});

test('a body that is too large is refused', async () => {
  const answered = await api.post('/v1/journeys', parent, { ...start, zone: 'x'.repeat(5_000) });
  expect(answered.statusCode).toBe(413);
  expect(answered.json().code).toBe('too-large');
});

test.each([
  ['GET', '/v1/nothing', 404, 'route-unknown'],
  ['GET', `/v1/journeys/${'x'.repeat(101)}`, 404, 'route-unknown'],
  ['GET', '/v1/journeys/%zz', 400, 'url-malformed'],
])('%s %s is answered as a problem', async (_method, url, status, code) => {
  const answered = await api.get(url, coordinator);
  expect(answered.statusCode).toBe(status);
  expect(answered.headers['content-type']).toContain('application/problem+json');
  expect(answered.json().code).toBe(code);
  expect(answered.body).not.toContain('zz');
});

test('a query that is not known is refused', async () => {
  const answered = await api.get('/v1/journeys/none?asof=2026-01-01T00:00:00Z', coordinator);
  expect(answered.json()).toMatchObject({ status: 422, code: 'input-invalid' });
});

test.each([
  ['{"a":1,"a":1}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"x":[{"b":{"c":1}},{"b" :1,\n"b"\t: 2}]}', true],
  ['{"a\\\\":1,"a\\\\":2}', true],
  ['{"a":"a","b":{"a":"\\",\\"a\\":"},"c":["a","a"],"d":[{"a":1},{"a":1}]}', false],
  ['"a"', false],
])('%s names a field twice: %s', (json, twice) => {
  expect(namesTwice(json)).toBe(twice);
});
