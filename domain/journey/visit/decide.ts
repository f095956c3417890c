// The decisions of a visit, from the order to the summary; each part reads in the order of the state table.
import * as booking from './booking.ts';
import * as clinicalActs from './clinical-acts.ts';
import * as encounter from './encounter.ts';
import * as loneWorker from './lone-worker.ts';
import * as ordering from './ordering.ts';
import * as travel from './travel.ts';

export { isFlagged, VisitOrder, visitRequested } from './ordering.ts';

export const commands = {
  ...ordering.commands,
  ...booking.commands,
  ...travel.commands,
  ...encounter.commands,
  ...clinicalActs.commands,
  ...loneWorker.commands,
};

export const decide = {
  ...ordering.decide,
  ...booking.decide,
  ...travel.decide,
  ...encounter.decide,
  ...clinicalActs.decide,
  ...loneWorker.decide,
};
