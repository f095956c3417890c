/** What a visitor must carry, by kind of task; one of the listed supplies is enough, none is needed where none is listed. */
export const suppliesFor: Readonly<Record<string, readonly string[]>> = {
  pointOfCareTest: ['strep-test'],
  vaccine: ['vaccine-cooler'],
};

/** What a visitor must have learned, by kind of task; the acts that everybody sent to a patient may do are not listed. */
export const skillsFor: Readonly<Record<string, string>> = {
  esi: 'triage',
  exam: 'physical-exam',
  vaccine: 'vaccination',
};
