export { type ConversationFacts, commands, decide } from './decide.ts';
export { events } from './events.ts';
export { type Conversation, evolve, initial } from './state.ts';
