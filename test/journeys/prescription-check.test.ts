import { amoxicillin, checkOf, drafted, readyToSign, safetySays, signed, statusOfRx, withLists } from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';

const p1 = { rxId: 'p1' };
const nurse = { clinician: { ...sampleFacts.clinician, scope: 'nurse' as const } };

describe('The safety check', () => {
  const high = { severity: 'high', kind: 'interaction' };
  const pair = { severity: 'high', kind: 'contraindicatedPair' };
  const alertOf = (story: ReturnType<typeof drafted>) => ({ ...p1, alertId: story.entityOf('RxSafetyAlertRaised') });

  it('passes: the prescription is ready, and the call is done', () => {
    const story = readyToSign();
    expect(statusOfRx(story)).toBe('ReadyToSign');
    expect(story.effects('check-rx-safety')).toEqual([]);
  });

  it('raises one event per alert', () => {
    const story = drafted();
    const told = safetySays(story, { outcome: 'alerts', databaseVersion: '2026-10', alerts: [high, { severity: 'low', kind: 'dose' }] });
    expect(told.events).toEqual(['RxSafetyAlertRaised', 'RxSafetyAlertRaised']);
    expect(statusOfRx(story)).toBe('AlertRaised');
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('alert-open');
  });

  it('does not come to an answer: nobody signs (R-13)', () => {
    const story = drafted();
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('check-missing');
    expect(safetySays(story, { outcome: 'not-completed', reason: 'timeout' }).events).toEqual(['RxSafetyCheckNotCompleted']);
    expect(statusOfRx(story)).toBe('CheckBlocked');
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('check-missing');
  });

  it('can be asked for again, which replaces what was found before', () => {
    const story = drafted();
    safetySays(story, { outcome: 'alerts', alerts: [high] });
    expect(story.give('C', 'RequestRxSafetyCheck', p1).events).toEqual(['RxSafetyCheckRequested']);
    expect(statusOfRx(story)).toBe('SafetyChecking');
    expect(story.give('C', 'RequestRxSafetyCheck', p1)).toMatchObject({ events: [], refusal: undefined });
    safetySays(story, { outcome: 'passed' });
    expect(statusOfRx(story)).toBe('ReadyToSign');
  });

  it('is not asked for after the signature, nor for what nobody drafted', () => {
    expect(signed().give('C', 'RequestRxSafetyCheck', p1).refusal).toBe('not-allowed-in-state');
    expect(drafted().give('C', 'RequestRxSafetyCheck', { rxId: 'p9' }).refusal).toBe('entity-unknown');
  });

  it('of an older request is known, and opens no way to the signature (R-21)', () => {
    const story = drafted();
    const first = checkOf(story);
    safetySays(story, { outcome: 'not-completed', reason: 'timeout' });
    story.give('C', 'RequestRxSafetyCheck', p1);
    const late = (said: object) => story.give('A', 'RecordRxSafetyCheck', { ...p1, checkId: first, ...said });
    expect(late({ outcome: 'passed' }).events).toEqual(['RxSafetyCheckPassed']);
    expect(statusOfRx(story)).toBe('SafetyChecking');
    expect(late({ outcome: 'alerts', alerts: [high] }).events).toEqual(['RxSafetyAlertRaised']);
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('check-missing');
  });

  it('that nobody asked for is unknown', () => {
    const story = drafted();
    expect(story.give('A', 'RecordRxSafetyCheck', { ...p1, checkId: 'check-9', outcome: 'passed' }).refusal).toBe('entity-unknown');
    expect(story.give('A', 'RecordRxSafetyCheck', { rxId: 'p9', checkId: checkOf(story), outcome: 'passed' }).refusal).toBe(
      'entity-unknown',
    );
    expect(() => safetySays(story, { outcome: 'alerts' })).toThrow();
    expect(() => safetySays(story, { outcome: 'passed', alerts: [high] })).toThrow();
  });

  it('raises an alert late: even a ready prescription waits for its answer', () => {
    const story = readyToSign();
    safetySays(story, { outcome: 'alerts', alerts: [high] });
    expect(statusOfRx(story)).toBe('AlertRaised');
    const afterSignature = signed();
    safetySays(afterSignature, { outcome: 'alerts', alerts: [high] });
    expect(statusOfRx(afterSignature)).toBe('Signed');
  });

  it('keeps its answer when a late failure of the same check comes in', () => {
    const story = readyToSign();
    safetySays(story, { outcome: 'not-completed', reason: 'timeout' });
    expect(statusOfRx(story)).toBe('ReadyToSign');
  });

  describe('overridden', () => {
    const withAlert = (alert: object) => {
      const story = drafted();
      safetySays(story, { outcome: 'alerts', alerts: [alert] });
      return story;
    };

    it('takes a reason for a high alert, and none for a low one', () => {
      const story = withAlert(high);
      expect(story.give('C', 'OverrideRxSafetyAlert', alertOf(story)).refusal).toBe('reason-missing');
      const told = story.give('C', 'OverrideRxSafetyAlert', { ...alertOf(story), reasonCode: 'benefit-outweighs' });
      expect(told.events).toEqual(['RxSafetyAlertOverridden']);
      expect(statusOfRx(story)).toBe('ReadyToSign');
      const low = withAlert({ severity: 'low', kind: 'duplicateTherapy' });
      expect(low.give('C', 'OverrideRxSafetyAlert', alertOf(low)).refusal).toBeUndefined();
    });

    it('stays open until every alert is answered', () => {
      const story = drafted();
      safetySays(story, { outcome: 'alerts', alerts: [high, { severity: 'low', kind: 'dose' }] });
      story.give('C', 'OverrideRxSafetyAlert', alertOf(story));
      expect(story.give('C', 'SignPrescription', p1).refusal).toBe('alert-open');
    });

    it.each([pair, { severity: 'moderate', kind: 'anaphylaxis' }])('takes a second clinician for $kind (R-14)', (alert) => {
      const story = withAlert(alert);
      const reasoned = { ...alertOf(story), reasonCode: 'no-alternative' };
      expect(story.give('C', 'ApproveRxOverride', reasoned).refusal).toBe('not-allowed-in-state');
      expect(story.give('C', 'OverrideRxSafetyAlert', alertOf(story)).refusal).toBe('reason-missing');
      story.give('C', 'OverrideRxSafetyAlert', reasoned);
      expect(statusOfRx(story)).toBe('AlertRaised');
      expect(story.give('C', 'SignPrescription', p1).refusal).toBe('second-clinician-missing');
      expect(story.give('C', 'ApproveRxOverride', reasoned).refusal).toBe('same-person');
      expect(story.give('C', 'ApproveRxOverride', alertOf(story), { who: 'clinician-2' }).refusal).toBe('reason-missing');
      expect(story.give('C', 'ApproveRxOverride', reasoned, { who: 'clinician-2' }).events).toEqual(['RxOverrideApproved']);
      expect(story.give('C', 'ApproveRxOverride', reasoned, { who: 'clinician-3' }).events).toEqual([]);
      expect(statusOfRx(story)).toBe('ReadyToSign');
    });

    it('adds nothing when it is repeated, and knows its alerts', () => {
      const story = withAlert(high);
      const reasoned = { ...alertOf(story), reasonCode: 'benefit-outweighs' };
      story.give('C', 'OverrideRxSafetyAlert', reasoned);
      expect(story.give('C', 'OverrideRxSafetyAlert', reasoned)).toMatchObject({ events: [], refusal: undefined });
      expect(story.give('C', 'OverrideRxSafetyAlert', { ...p1, alertId: 'alert-9' }).refusal).toBe('entity-unknown');
      expect(story.give('C', 'ApproveRxOverride', { ...p1, alertId: 'alert-9' }).refusal).toBe('entity-unknown');
    });

    it('without an answer: documented with a reason, then ready', () => {
      const story = drafted();
      expect(story.give('C', 'OverrideMissingRxCheck', p1).refusal).toBe('reason-missing');
      const reasoned = { ...p1, reasonCode: 'service-down' };
      expect(story.give('C', 'OverrideMissingRxCheck', reasoned).events).toEqual(['RxSafetyCheckOverridden']);
      expect(story.give('C', 'OverrideMissingRxCheck', reasoned)).toMatchObject({ events: [], refusal: undefined });
      expect(statusOfRx(story)).toBe('ReadyToSign');
      safetySays(story, { outcome: 'not-completed', reason: 'timeout' });
      expect(statusOfRx(story)).toBe('ReadyToSign');
      expect(readyToSign().give('C', 'OverrideMissingRxCheck', reasoned).refusal).toBe('not-allowed-in-state');
    });

    it('is a prescriber’s act: a nurse may draft, not override and not sign', () => {
      const story = withAlert(high).know(nurse);
      for (const [command, data] of [
        ['OverrideRxSafetyAlert', alertOf(story)],
        ['ApproveRxOverride', alertOf(story)],
        ['OverrideMissingRxCheck', p1],
        ['SignPrescription', p1],
      ] as const) {
        const told = story.give('C', command, data);
        expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
      }
      expect(withLists().know(nurse).give('C', 'DraftPrescription', amoxicillin).refusal).toBeUndefined();
    });

    it('comes too late after the signature', () => {
      const story = withAlert({ severity: 'low', kind: 'dose' });
      story.give('C', 'OverrideRxSafetyAlert', alertOf(story));
      signed(story);
      expect(story.give('C', 'OverrideRxSafetyAlert', alertOf(story)).refusal).toBe('not-allowed-in-state');
      expect(story.give('C', 'OverrideMissingRxCheck', p1).refusal).toBe('not-allowed-in-state');
    });
  });
});
