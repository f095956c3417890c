import { EligibilityResponse, fromResponse, hdhpExtension, toRequest } from '../../interop/eligibility/mapping.ts';

const response = (outcome: string, insurance: readonly object[] = [], more: object = {}) =>
  EligibilityResponse.parse({ resourceType: 'CoverageEligibilityResponse', outcome, insurance, ...more });
const coverage = (id: string, inforce?: boolean) => ({
  coverage: { reference: `Coverage/${id}` },
  ...(inforce !== undefined && { inforce }),
});

test('the question is a CoverageEligibilityRequest that names nobody', () => {
  expect(toRequest({ key: 'j1/eligibility.c1', patientId: 'p1', employerId: 'e1', at: Date.UTC(2026, 9, 6, 16, 2) })).toEqual({
    resourceType: 'CoverageEligibilityRequest',
    identifier: [{ system: 'urn:caretrail:effect', value: 'j1/eligibility.c1' }],
    status: 'active',
    purpose: ['validation'],
    patient: { identifier: { system: 'urn:caretrail:patient', value: 'p1' } },
    servicedDate: '2026-10-06',
    created: '2026-10-06T16:02:00.000Z',
    insurer: { identifier: { system: 'urn:caretrail:employer', value: 'e1' } },
  });
});

describe('an answer', () => {
  test('with a coverage in force confirms, with its place in the order of payers', () => {
    expect(fromResponse(response('complete', [coverage('old', false), coverage('cov-1', true)]))).toEqual({
      outcome: 'confirmed',
      coverage: { coverageId: 'cov-1', cobOrder: 2, hdhp: false },
    });
  });

  test('marks a high-deductible plan', () => {
    const hdhp = { ...coverage('cov-1', true), extension: [{ url: hdhpExtension, valueBoolean: true }] };
    expect(fromResponse(response('complete', [hdhp]))).toMatchObject({ coverage: { hdhp: true } });
  });

  test('with no coverage in force denies', () => {
    expect(fromResponse(response('complete', [coverage('old', false)]))).toEqual({ outcome: 'denied', reason: 'not-in-force' });
  });

  test.each([
    ['no-coverage-named', response('complete')],
    ['no-coverage-named', response('complete', [coverage('cov-1')])],
    ['answer-queued', response('queued', [coverage('cov-1', true)])],
    ['answer-partial', response('partial', [coverage('cov-1', false)])],
    ['payer-down', response('error', [], { error: [{ code: { coding: [{ code: 'payer-down' }] } }] })],
  ])('that leaves it open never means no: %s', (reason, answer) =>
    expect(fromResponse(answer)).toEqual({ outcome: 'undetermined', reason }),
  );
});
