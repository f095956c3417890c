import { commands } from '../../domain/journey/index.ts';
import { reportOfPharmacy } from '../../interop/pharmacy/webhook.ts';

const about = { id: 'm1', reference: 'j1/p1', at: '2026-10-06T21:04:00Z' };

describe('what a pharmacy tells of its own accord', () => {
  test.each([
    [
      'RecordPharmacyStatus',
      { kind: 'status', status: 'verified', pharmacy: 'pharmacy-1' },
      { status: 'verified', pharmacyId: 'pharmacy-1' },
    ],
    ['RecordDispense', { kind: 'dispense', outcome: 'partial', quantity: 5 }, { outcome: 'partial', quantity: 5 }],
    [
      'RecordRxCancelAnswer',
      { kind: 'cancel-response', outcome: 'denied', reason: 'dispensed' },
      { outcome: 'denied', reason: 'dispensed' },
    ],
    ['RecordPharmacyChange', { kind: 'change', changeId: 'c1', change: 'generic' }, { changeId: 'c1', kind: 'generic' }],
    ['RecordRefillRequest', { kind: 'renewal', refillId: 'r1' }, { refillId: 'r1' }],
    ['RecordCounselling', { kind: 'counselling', outcome: 'declined' }, { outcome: 'declined' }],
  ])('%s', (type, said, data) => {
    const report = reportOfPharmacy({ ...about, ...said });
    const made = report?.says === 'fact' ? report.dataFor({ journeyId: 'j1', entityId: 'p1' }) : undefined;
    expect(report).toMatchObject({ says: 'fact', reference: 'j1/p1', type });
    expect(made).toEqual({ rxId: 'p1', ...data });
    expect(commands[type]?.data.safeParse(made).error).toBeUndefined();
  });

  test('and what cannot be read is no report', () => {
    expect(reportOfPharmacy({ ...about, kind: 'cancel-response', outcome: 'maybe' })).toBeUndefined();
  });
});
