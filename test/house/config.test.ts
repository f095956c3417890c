import { developmentIssuer, loadConfig, variables } from '../../config.ts';

test('an empty environment gives the defaults', () => {
  const config = loadConfig({});
  expect(config).toEqual({
    nodeEnv: 'development',
    temporalNamespace: 'default',
    taskQueue: 'journeys',
    runLength: 4,
    apiHost: '127.0.0.1',
    apiPort: 8080,
    journeyClock: 'system',
    logLevel: 'info',
  });
});

test('an empty variable counts as not set', () => {
  expect(loadConfig({ CARETRAIL_API_PORT: '', CARETRAIL_KEY_FILE: '' })).toEqual(loadConfig({}));
});

test('every variable that is given arrives', () => {
  const config = loadConfig({
    NODE_ENV: 'production',
    CARETRAIL_DATABASE_API_URL: 'postgresql://reader@db.example.org/care',
    CARETRAIL_TEMPORAL_ADDRESS: 'temporal.example.org:7233',
    CARETRAIL_RUN_LENGTH: '8',
    CARETRAIL_JWKS: 'https://id.example.org/keys',
    CARETRAIL_METRICS_PORT: '0',
  });
  expect(config).toMatchObject({
    nodeEnv: 'production',
    databaseApiUrl: 'postgresql://reader@db.example.org/care',
    temporalAddress: 'temporal.example.org:7233',
    runLength: 8,
    jwks: { url: 'https://id.example.org/keys' },
    metricsPort: 0,
  });
});

test('a key set may be a file', () => {
  expect(loadConfig({ CARETRAIL_JWKS: '/etc/caretrail/keys.json' }).jwks).toEqual({ file: '/etc/caretrail/keys.json' });
});

test.each([
  ['NODE_ENV', 'staging'],
  ['CARETRAIL_DATABASE_OWNER_URL', 'mysql://root@localhost/care'],
  ['CARETRAIL_DATABASE_WRITER_URL', 'localhost'],
  ['CARETRAIL_TEMPORAL_ADDRESS', 'http://temporal:7233'],
  ['CARETRAIL_RUN_LENGTH', '0'],
  ['CARETRAIL_RUN_LENGTH', '4.5'],
  ['CARETRAIL_API_PORT', '65536'],
  ['CARETRAIL_API_PORT', '0x50'],
  ['CARETRAIL_METRICS_PORT', '-1'],
  ['CARETRAIL_JWKS', 'https://'],
  ['CARETRAIL_PHARMACY_URL', 'ftp://pharmacy.example.org'],
  ['CARETRAIL_PARTNER_SECRET', 'short'],
  ['CARETRAIL_JOURNEY_CLOCK', 'sundial'],
  ['CARETRAIL_LOG_LEVEL', 'loud'],
  ['CARETRAIL_WORKFLOW_TASK_TIMEOUT_MS', '10'],
  ['CARETRAIL_STICKY_TIMEOUT_MS', '1s'],
])('%s may not be %s, and the error says what it must be', (name, value) => {
  const mustBe = variables.find((variable) => variable.name === name)?.mustBe;
  expect(() => loadConfig({ [name]: value })).toThrow(`${name} must be ${mustBe}`);
});

test('all that is wrong is said at once', () => {
  const wrong = { CARETRAIL_API_PORT: 'x', CARETRAIL_LOG_LEVEL: 'x' };
  expect(() => loadConfig(wrong, ['keyFile'])).toThrow(/API_PORT must be.*\n.*LOG_LEVEL must be.*\n.*KEY_FILE is not set/);
});

test('an error never repeats what a variable held', () => {
  const secret = 'hunter2-hunter2';
  const wrong = {
    CARETRAIL_PARTNER_SECRET: secret,
    CARETRAIL_DATABASE_API_URL: `mysql://reader:${secret}@db/care`,
    CARETRAIL_JWKS: `https://${secret}@`,
    CARETRAIL_PASSWORT: secret,
  };
  let said = '';
  try {
    loadConfig(wrong);
  } catch (error) {
    said = String(error);
  }
  expect(said).toContain('CARETRAIL_PARTNER_SECRET');
  expect(said).toContain('CARETRAIL_PASSWORT is no setting');
  expect(said).not.toContain(secret);
});

test('what the caller needs must be there', () => {
  expect(() => loadConfig({}, ['databaseWriterUrl'])).toThrow('CARETRAIL_DATABASE_WRITER_URL is not set');
  const { databaseWriterUrl } = loadConfig({ CARETRAIL_DATABASE_WRITER_URL: 'postgres://w@db/care' }, ['databaseWriterUrl']);
  expect(databaseWriterUrl.length).toBeGreaterThan(0);
});

test('a need with a default is met by the default, whatever else is wrong', () => {
  expect(loadConfig({}, ['taskQueue']).taskQueue).toBe('journeys');
  expect(() => loadConfig({ CARETRAIL_API_PORT: 'x' }, ['taskQueue'])).not.toThrow('CARETRAIL_TASK_QUEUE');
});

test('production refuses the journey clock, the development issuer and whatever lets a process die', () => {
  const dying = {
    CARETRAIL_FAIL_POINTS: '/tmp/places',
    CARETRAIL_WORKFLOW_TASK_TIMEOUT_MS: '2000',
    CARETRAIL_STICKY_TIMEOUT_MS: '1000',
  };
  const given = { CARETRAIL_JOURNEY_CLOCK: 'journey', CARETRAIL_JWT_ISSUER: developmentIssuer, ...dying };
  const taken = { failPoints: '/tmp/places', workflowTaskTimeoutMs: 2_000, stickyTimeoutMs: 1_000 };
  expect(loadConfig(given)).toMatchObject({ journeyClock: 'journey', jwtIssuer: developmentIssuer, ...taken });
  const production = { ...given, NODE_ENV: 'production' };
  expect(() => loadConfig(production)).toThrow(
    /JOURNEY_CLOCK must be system.*\n.*POINTS must not be set.*\n.*TASK_TIMEOUT_MS must not.*\n.*STICKY_TIMEOUT_MS must not.*\n.*JWT_ISSUER must be your own issuer/,
  );
});
