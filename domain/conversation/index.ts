export { type ConversationFacts, commands, decide, type Screening } from './decide.ts';
export { type ConversationEvent, events, Turn } from './events.ts';
export { type Conversation, evolve, hasOpenQuestion, initial } from './state.ts';
