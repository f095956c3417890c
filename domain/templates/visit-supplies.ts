/** What a visitor must carry, by kind of task; one of the listed supplies is enough, none is needed where none is listed. */
export const suppliesFor: Readonly<Record<string, readonly string[]>> = {
  pointOfCareTest: ['strep-test'],
};
