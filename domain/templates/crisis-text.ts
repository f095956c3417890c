import type { Template } from './template.ts';

/** Shown where somebody may harm themselves, whatever the care pathway (source: 988 Suicide & Crisis Lifeline, call or text 988 at any hour). */
export const crisisText: Template['emergencyText'] = {
  textId: 'crisis-line',
  version: 1,
  text: 'You are not alone. Call or text 988 now, at any hour, to reach the Suicide & Crisis Lifeline. If you are hurt, feel very ill or are in danger, call 911. Do not wait for a message from us: a clinician is calling you as well.',
};
