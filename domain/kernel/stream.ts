/** The stream of a journey, which is also the id of its workflow. */
export const journeyStream = (journeyId: string): string => `journey-${journeyId}`;
