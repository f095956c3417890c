import { toNotice } from '../../interop/notices/client.ts';
import { toCharge } from '../../interop/payment/client.ts';
import { toMessage } from '../../interop/pharmacy/client.ts';
import { toCheck } from '../../interop/safety/client.ts';

describe('each partner learns what it needs and nothing else', () => {
  test('whoever sends notices: which text to whom', () => {
    const notice = {
      reference: 'j1/n1',
      recipient: 'parent-1',
      recipientRole: 'P' as const,
      channel: 'push',
      kind: 'checkIn',
      textVersion: 1,
    };
    expect(toNotice({ key: 'j1/notice.n1', ...notice })).toEqual({
      to: 'parent-1',
      channel: 'push',
      template: { name: 'checkIn', version: 1 },
      metadata: { reference: 'j1/n1', recipientRole: 'P' },
    });
  });

  test('whoever charges: how much, not what for', () => {
    expect(toCharge({ key: 'j1/copay.ch1', reference: 'j1/ch1', payerId: 'parent-1', cents: 2_500 })).toEqual({
      amount: 2_500,
      currency: 'usd',
      customer: 'parent-1',
      metadata: { reference: 'j1/ch1' },
    });
  });

  test('whoever checks a prescription: codes, not whose', () => {
    const question = { rxnorm: '723', quantity: 20, days: 10, allergies: ['7980'], medications: ['161'] };
    expect(toCheck({ key: 'j1/rx-check.c1', ...question })).toEqual({
      medicine: { rxnorm: '723', quantity: 20, days: 10 },
      allergies: ['7980'],
      medications: ['161'],
    });
  });

  test('a pharmacy: the medicine and whose it is, not why', () => {
    const patient = { patientId: 'patient-1', name: 'Robin Doe', birthDate: '2017-03-02' };
    const order = { reference: 'j1/p1', pharmacyId: 'pharmacy-1', rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10 };
    expect(toMessage({ key: 'j1/rx-send.p1', ...order, patient })).toEqual({
      message: 'NewRx',
      reference: 'j1/p1',
      pharmacy: 'pharmacy-1',
      patient,
      medication: { rxnorm: '723', sig: 'two-times-a-day', quantity: 20, daysSupply: 10 },
    });
  });
});
