import { day } from '../../domain/kernel/time.ts';
import { openingAt } from '../../domain/reference/area.ts';
import { licensedIn } from '../../domain/reference/clinician.ts';
import { contractedStates } from '../../domain/reference/group.ts';
import { aggregates, targetIn } from '../../domain/reference/index.ts';
import { contractedAs } from '../../domain/reference/partner.ts';
import { decideOn, foldHistory, noon, type Then } from './scenario.ts';

describe('an employer contract', () => {
  const terms = {
    states: ['WA'],
    groupIds: ['g1'],
    rateVersion: 1,
    billing: [],
    undeterminedPolicy: 'proceed',
    labPayer: 'employer',
    cancellationFeeCents: 0,
  };
  const contract = { employerId: 'e1', contractId: 'k1', effectiveOn: noon, terms };
  const opened = decideOn(aggregates.employer, [], 'OpenEmployerContract', contract);

  test('is opened once', () => {
    expect(opened.types).toEqual(['EmployerContractOpened']);
    expect(decideOn(aggregates.employer, opened.history, 'OpenEmployerContract', contract).refusal).toBe('not-allowed-in-state');
  });

  const rosterFile = { importId: 'i1', rows: 2, refused: 1, unreadable: [3] };
  const importing = (history: Then['history'], facts: object) =>
    decideOn(aggregates.employer, history, 'ImportRoster', { employerId: 'e1', fileRef: 'f1' }, { facts: { ...facts } });

  test('lets a roster be imported, and names the rows that nobody can read', () => {
    const imported = importing(opened.history, { rosterFile });
    expect(imported.types).toEqual(['RosterImported', 'RosterRowRefused']);
    expect(imported.data[0]).toMatchObject({ importId: 'i1', rows: 2, refused: 1 });
    expect(imported.data[1]).toMatchObject({ rowNo: 3, reason: 'row-unreadable' });
  });

  test('takes the same file once', () => {
    const imported = importing(opened.history, { rosterFile });
    expect(importing(imported.history, { rosterFile })).toMatchObject({ types: [] });
  });

  test('is needed before a roster, and the file must exist', () => {
    expect(importing([], { rosterFile }).refusal).toBe('not-allowed-in-state');
    expect(importing(opened.history, { rosterFile: undefined }).refusal).toBe('entity-unknown');
  });
});

describe('a medical group', () => {
  const contract = { groupId: 'g1', state: 'WA', validFrom: noon, validUntil: noon + day };
  const opened = decideOn(aggregates.group, [], 'OpenGroupContract', contract);

  test('is contracted in a state from the first instant of its contract until the last, which is out', () => {
    const group = foldHistory(aggregates.group, opened.history);
    expect([noon - 1, noon, noon + day - 1, noon + day].map((at) => contractedStates(group, at))).toEqual([[], ['WA'], ['WA'], []]);
  });

  test('may renew its contract, and a repeated one changes nothing', () => {
    expect(decideOn(aggregates.group, opened.history, 'OpenGroupContract', contract).types).toEqual([]);
    const renewed = decideOn(aggregates.group, opened.history, 'OpenGroupContract', {
      ...contract,
      validFrom: noon + day,
      validUntil: noon + 2 * day,
    });
    expect(contractedStates(foldHistory(aggregates.group, renewed.history), noon + day)).toEqual(['WA']);
  });

  test('has no contract that ends before it begins', () => {
    expect(() => decideOn(aggregates.group, [], 'OpenGroupContract', { ...contract, validUntil: noon })).toThrow();
  });
});

describe('a clinician', () => {
  const licence = {
    clinicianId: 'c1',
    groupId: 'g1',
    scope: 'physician',
    licenceId: 'l1',
    state: 'WA',
    validFrom: noon,
    validUntil: noon + day,
  };
  const recorded = decideOn(aggregates.clinician, [], 'RecordLicence', licence);

  test('is licensed in a state while the licence is valid', () => {
    const clinician = foldHistory(aggregates.clinician, recorded.history);
    expect(recorded.types).toEqual(['LicenceRecorded']);
    expect([noon - 1, noon, noon + day].map((at) => licensedIn(clinician, 'WA', at))).toEqual([false, true, false]);
    expect(licensedIn(clinician, 'OR', noon)).toBe(false);
  });

  test('keeps one entry per licence: the newest', () => {
    expect(decideOn(aggregates.clinician, recorded.history, 'RecordLicence', licence).types).toEqual([]);
    const renewed = decideOn(aggregates.clinician, recorded.history, 'RecordLicence', { ...licence, validUntil: noon + 2 * day });
    expect(foldHistory(aggregates.clinician, renewed.history)).toMatchObject({
      groupId: 'g1',
      scope: 'physician',
      licences: [{ licenceId: 'l1', validUntil: noon + 2 * day }],
    });
  });
});

describe('a service area', () => {
  const opening = { areaId: 'sea-north', postalCodes: ['98101'], modalities: ['home'], on: noon };
  const opened = decideOn(aggregates.area, [], 'OpenServiceArea', opening);

  test('serves nobody before its date', () => {
    const area = foldHistory(aggregates.area, opened.history);
    expect(openingAt(area, noon - 1)).toBeUndefined();
    expect(openingAt(area, noon)).toMatchObject({ version: 1, postalCodes: ['98101'] });
  });

  test('grows by a next version, and a repeated opening changes nothing', () => {
    expect(decideOn(aggregates.area, opened.history, 'OpenServiceArea', opening).types).toEqual([]);
    const grown = decideOn(aggregates.area, opened.history, 'OpenServiceArea', {
      ...opening,
      postalCodes: ['98101', '98102'],
      on: noon + day,
    });
    const area = foldHistory(aggregates.area, grown.history);
    expect([noon, noon + day].map((at) => openingAt(area, at)?.version)).toEqual([1, 2]);
  });
});

describe('a partner', () => {
  const contract = { partnerId: 'p1', kind: 'pharmacy', effectiveOn: noon, data: { capabilities: ['courier'] } };
  const opened = decideOn(aggregates.partner, [], 'OpenPartnerContract', contract);

  test('is known under its kind from its date on', () => {
    const partner = foldHistory(aggregates.partner, opened.history);
    expect(opened.types).toEqual(['PartnerContractOpened']);
    expect(contractedAs(partner, 'pharmacy', noon)).toEqual({ capabilities: ['courier'] });
    expect(contractedAs(partner, 'pharmacy', noon - 1)).toBeUndefined();
    expect(contractedAs(partner, 'lab', noon)).toBeUndefined();
  });

  test('has one contract', () => {
    expect(decideOn(aggregates.partner, opened.history, 'OpenPartnerContract', contract).refusal).toBe('not-allowed-in-state');
  });
});

describe('a patient', () => {
  const facts = { vaultKey: { keyId: 'key-1' } };
  const registered = decideOn(aggregates.patient, [], 'RegisterPatient', { patientId: 'p1', vaultRef: 'r1' }, { facts });

  test('is registered under a key, once', () => {
    expect(registered.data).toEqual([{ patientId: 'p1', vaultRef: 'r1', keyId: 'key-1' }]);
    const again = (vaultRef: string) =>
      decideOn(aggregates.patient, registered.history, 'RegisterPatient', { patientId: 'p1', vaultRef }, { facts });
    expect(again('r1')).toMatchObject({ types: [] });
    expect(again('r2').refusal).toBe('not-allowed-in-state');
  });
});

describe('the stream that a command names', () => {
  test('follows from its data', () => {
    expect(targetIn('employer', { employerId: 'e1' })).toBe('e1');
    expect(targetIn('capacity', { slotId: 'sea_north_2026-10-06_1300' })).toBe('sea_north_2026-10-06');
    expect(targetIn('capacity', { areaId: 'sea', date: '2026-10-06' })).toBe('sea_2026-10-06');
    expect(targetIn('conversation', { messageId: 'm1' })).toBeUndefined();
  });
});
