import * as answering from './answering.ts';
import * as cancelling from './cancelling.ts';
import * as dispensing from './dispensing.ts';
import * as drafting from './drafting.ts';
import * as overriding from './overriding.ts';
import * as transmitting from './transmitting.ts';

/** Every command of the stage, in the order in which a prescription meets them. */
export const commands = {
  ...drafting.commands,
  ...overriding.commands,
  ...transmitting.commands,
  ...dispensing.commands,
  ...answering.commands,
  ...cancelling.commands,
};

export const decide = {
  ...drafting.decide,
  ...overriding.decide,
  ...transmitting.decide,
  ...dispensing.decide,
  ...answering.decide,
  ...cancelling.decide,
};
